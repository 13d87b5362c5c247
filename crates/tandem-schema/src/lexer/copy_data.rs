//! The data after a COPY.

/// The offset of the line `\.` that ends the data of a COPY (psql's copy.c, handleCopyIn); the first line of
/// data begins at `from`. None if there is no such line.
pub(super) fn end_of_copy_data(text: &[u8], from: usize) -> Option<usize> {
    let is_line_end = |byte: Option<&u8>| matches!(byte, Some(b'\n' | b'\r'));
    memchr::memchr_iter(b'\\', &text[from..])
        .map(|length| from + length)
        .find(|&p| {
            text.get(p + 1) == Some(&b'.')
                && (p == from || is_line_end(text.get(p - 1)))
                && (p + 2 == text.len() || is_line_end(text.get(p + 2)))
        })
}

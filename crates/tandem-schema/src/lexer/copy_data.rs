//! The data behind a COPY.

/// Where the line `\.` begins that ends the data of a COPY whose first line begins at `from` (psql's
/// copy.c, handleCopyIn). None where there is no such line.
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

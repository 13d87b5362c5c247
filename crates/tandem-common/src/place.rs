//! A place in a text as an editor counts it.

/// Line and column of `bytes[offset]`, both from 1: lines split at LF, columns count code points.
#[must_use]
pub fn place(bytes: &[u8], offset: usize) -> (u64, u64) {
    let before = &bytes[..offset.min(bytes.len())];
    let last_line = memchr::memrchr(b'\n', before).map_or(0, |feed| feed + 1);
    let lines = memchr::memchr_iter(b'\n', before).count();
    let columns = before[last_line..]
        .iter()
        .filter(|byte| **byte & 0xc0 != 0x80)
        .count();
    (lines as u64 + 1, columns as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn counts_lines_and_code_points() {
        let text = "a\r\nb\u{e9}\u{1f600}c".as_bytes();
        assert_eq!(place(text, 0), (1, 1));
        assert_eq!(place(text, 2), (1, 3));
        assert_eq!(place(text, 3), (2, 1));
        assert_eq!(place(text, text.len() - 1), (2, 4));
        assert_eq!(place(text, 99), (2, 5));
    }
}

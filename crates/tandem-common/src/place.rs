//! Line and column in a text as an editor counts them.

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

/// The places of bytes of one text, requested from its beginning to its end: each byte is examined once,
/// however many places are requested.
pub struct Places<'a> {
    bytes: &'a [u8],
    offset: usize,
    place: (u64, u64),
}

impl<'a> Places<'a> {
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            offset: 0,
            place: (1, 1),
        }
    }

    /// The place of an offset that is not before the last one.
    pub fn at(&mut self, offset: usize) -> (u64, u64) {
        let offset = offset.clamp(self.offset, self.bytes.len());
        let since = &self.bytes[self.offset..offset];
        let (lines, columns) = place(since, since.len());
        self.place = match lines {
            1 => (self.place.0, self.place.1 + columns - 1),
            _ => (self.place.0 + lines - 1, columns),
        };
        self.offset = offset;
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, place};

    #[test]
    fn counts_on_from_the_last_place() {
        let text = "a\r\nb\u{e9}\u{1f600}c\n\nx".as_bytes();
        for step in 1..4 {
            let mut places = Places::new(text);
            for offset in (0..=text.len()).step_by(step) {
                assert_eq!(places.at(offset), place(text, offset), "{offset} by {step}");
                assert_eq!(places.at(offset), place(text, offset));
            }
        }
    }

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

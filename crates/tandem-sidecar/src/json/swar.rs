//! Eight bytes at a time in a u64: no instruction set to choose, no unsafe code.
#![expect(clippy::inline_always, reason = "measured: 7 % of a scan")]

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = ONES << 7;

/// The byte at `at`, or NUL past the end, which is no token of JSON.
#[inline(always)]
#[must_use]
pub fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*chunk))
}

#[inline(always)]
fn first_marked(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// Where the plain bytes of a string end: at a quote, a backslash, a byte below 20, or the end of the text.
#[inline(always)]
#[must_use]
pub fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = word_at(bytes, at) {
        // A byte minus n borrows into its high bit where it is below n; bytes from 80 on are plain. A mark may be wrong only
        // above a right one, and the first is all that is looked at.
        let quotes = (word ^ (ONES * u64::from(b'"'))).wrapping_sub(ONES);
        let backslashes = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        let controls = word.wrapping_sub(ONES * 0x20);
        let marks = (quotes | backslashes | controls) & !word & HIGH_BITS;
        if marks != 0 {
            return at + first_marked(marks);
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at)
        && byte >= 0x20
        && byte != b'"'
        && byte != b'\\'
    {
        at += 1;
    }
    at
}

/// Passes over white space (20 09 0A 0D) and tells where it ends and which byte is there.
#[inline(always)]
#[must_use]
pub fn token_at(bytes: &[u8], at: usize) -> (usize, u8) {
    // Compact text has none: one comparison.
    let byte = byte_at(bytes, at);
    if byte > b' ' {
        return (at, byte);
    }
    let end = long_space_end(bytes, at);
    (end, byte_at(bytes, end))
}

#[inline(never)]
fn long_space_end(bytes: &[u8], mut at: usize) -> usize {
    while matches!(byte_at(bytes, at), b' ' | b'\n' | b'\r' | b'\t') {
        at += 1;
        while let Some(word) = word_at(bytes, at) {
            let others = word ^ (ONES * u64::from(b' '));
            if others != 0 {
                at += first_marked(others);
                break;
            }
            at += 8;
        }
    }
    at
}

/// Where decimal digits end.
#[inline(always)]
#[must_use]
pub fn digits_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    at + rest
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_each_special_byte_in_each_column() {
        for special in 0..=255_u8 {
            for column in 0..20 {
                let mut bytes = vec![b'a'; 24];
                bytes[column] = special;
                let stops = special < 0x20 || special == b'"' || special == b'\\';
                assert_eq!(
                    plain_end(&bytes, 0),
                    if stops { column } else { 24 },
                    "{special} {column}"
                );
            }
        }
    }

    #[test]
    fn skips_space_of_any_kind_and_length() {
        for length in 0..40 {
            for other in [b'\n', b'\t', b'\r', b' '] {
                let mut bytes = vec![b' '; length];
                if let Some(byte) = bytes.get_mut(length / 2) {
                    *byte = other;
                }
                assert_eq!(token_at(&bytes, 0).0, length);
                bytes.push(b'x');
                assert_eq!(token_at(&bytes, 0).0, length);
                bytes.extend_from_slice(b"        ");
                assert_eq!(token_at(&bytes, 0).0, length);
            }
        }
        assert_eq!(token_at(b"\x0b ", 0), (0, 0x0b));
    }
}

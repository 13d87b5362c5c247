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

/// The high bit of each zero byte is set; right up to the first one, which is all that is looked at.
#[inline(always)]
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH_BITS
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
        let quotes = zero_bytes(word ^ (ONES * u64::from(b'"')));
        let backslashes = zero_bytes(word ^ (ONES * u64::from(b'\\')));
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGH_BITS;
        let marks = quotes | backslashes | controls;
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

/// Where white space ends (20 09 0A 0D).
#[inline(always)]
#[must_use]
pub fn space_end(bytes: &[u8], at: usize) -> usize {
    // Compact text has none: one comparison.
    if byte_at(bytes, at) > b' ' {
        return at;
    }
    long_space_end(bytes, at)
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
                assert_eq!(space_end(&bytes, 0), length);
                bytes.push(b'x');
                assert_eq!(space_end(&bytes, 0), length);
                bytes.extend_from_slice(b"        ");
                assert_eq!(space_end(&bytes, 0), length);
            }
        }
        assert_eq!(space_end(b"\x0b ", 0), 0);
    }
}

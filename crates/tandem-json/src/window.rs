//! Examines sixteen bytes at a time; in a mask each byte has a bit, and the first byte has the lowest.
#![expect(clippy::inline_always, reason = "measured: 7 % of a scan")]

#[cfg(any(not(target_arch = "x86_64"), test))]
mod portable;
#[cfg(target_arch = "x86_64")]
mod sse2;

#[cfg(not(target_arch = "x86_64"))]
use portable as lanes;
#[cfg(target_arch = "x86_64")]
use sse2 as lanes;

const WIDTH: usize = 16;
pub type Window = [u8; WIDTH];

/// The window that begins at `at`; None if fewer bytes than a window are left.
#[inline(always)]
#[must_use]
pub fn window_at(bytes: &[u8], at: usize) -> Option<&Window> {
    bytes.get(at..)?.first_chunk()
}

/// Marks the decimal digits.
#[inline(always)]
#[must_use]
pub fn digits(window: &Window) -> u32 {
    lanes::digits(window)
}

/// The byte at `at`, or NUL past the end, which begins no token of JSON.
#[inline(always)]
#[must_use]
pub fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// The end of the plain bytes of a string: a quote, a backslash, a byte below 0x20, or the end of the text.
#[inline(always)]
#[must_use]
pub fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(window) = window_at(bytes, at) {
        let specials = lanes::specials(window);
        if specials != 0 {
            return at + specials.trailing_zeros() as usize;
        }
        at += WIDTH;
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

/// Skips white space (20 09 0A 0D); returns the offset after it and the byte there.
#[inline(always)]
#[must_use]
pub fn token_at(bytes: &[u8], at: usize) -> (usize, u8) {
    // Compact text has no white space, so one comparison is enough.
    let byte = byte_at(bytes, at);
    if byte > b' ' {
        return (at, byte);
    }
    let end = space_end(bytes, at);
    (end, byte_at(bytes, end))
}

#[inline(never)]
fn space_end(bytes: &[u8], mut at: usize) -> usize {
    while matches!(byte_at(bytes, at), b' ' | b'\n' | b'\r' | b'\t') {
        at += 1;
        // A single space is as common as long indentation, so one byte is tried first.
        if byte_at(bytes, at) > b' ' {
            break;
        }
        if let Some(window) = window_at(bytes, at) {
            at += lanes::spaces(window).trailing_ones() as usize;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_each_byte_in_each_column() {
        for byte in 0..=255_u8 {
            for column in 0..WIDTH {
                for around in [b'a', 0, 0x7f, 0x80, 0xff, b'"', b'0', b' '] {
                    let mut window = [around; WIDTH];
                    window[column] = byte;
                    let marks = |is: fn(u8) -> bool| {
                        let bits = window.iter().enumerate();
                        bits.fold(0, |mask, (bit, &byte)| mask | u32::from(is(byte)) << bit)
                    };
                    let is_digit = marks(|byte| byte.is_ascii_digit());
                    assert_eq!(lanes::digits(&window), is_digit);
                    assert_eq!(portable::digits(&window), is_digit);
                    let is_special = marks(|byte| byte < 0x20 || byte == b'"' || byte == b'\\');
                    assert_eq!(lanes::specials(&window), is_special);
                    assert_eq!(portable::specials(&window), is_special);
                    let is_space = marks(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
                    assert_eq!(lanes::spaces(&window), is_space);
                    assert_eq!(portable::spaces(&window), is_space);
                }
            }
        }
    }

    #[test]
    fn stops_at_each_special_byte_in_each_column() {
        for special in 0..=255_u8 {
            for column in 0..40 {
                let mut bytes = vec![b'a'; 44];
                bytes[column] = special;
                let stops = special < 0x20 || special == b'"' || special == b'\\';
                assert_eq!(
                    plain_end(&bytes, 0),
                    if stops { column } else { 44 },
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

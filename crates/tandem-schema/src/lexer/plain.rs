//! The fast scan of a statement whose words no longer matter.

use super::byte_class::{Class, class, in_word};
#[cfg(target_arch = "x86_64")]
use tandem_common::sse2::{Lanes, either, equal, lanes, mask, within};

/// The offset of the next byte that is more than a word, a number, a sign or a space.
pub(super) fn end_of_plain(text: &[u8], at: usize) -> usize {
    let mut p = at;
    while let Some(window) = text[p..].first_chunk() {
        let stops = stops(window);
        if stops != 0 {
            return p + stops.trailing_zeros() as usize;
        }
        p += window.len();
    }
    text[p..]
        .iter()
        .position(|&byte| class(byte) >= Class::Open)
        .map_or(text.len(), |length| p + length)
}

/// Marks the bytes that stop the scan; the first byte has the lowest bit.
#[cfg(target_arch = "x86_64")]
fn stops(window: &[u8; 16]) -> u32 {
    // SAFETY: every x86_64 has SSE2.
    unsafe { stops_of(lanes(window)) }
}

/// With SSE2 the lexer takes half the time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse2")]
#[inline]
fn stops_of(bytes: Lanes) -> u32 {
    let parentheses = within(bytes, b'\'', b')');
    let quotes = either(equal(bytes, b'"'), equal(bytes, b'$'));
    let comments = either(equal(bytes, b'-'), equal(bytes, b'/'));
    let ends = either(equal(bytes, b';'), equal(bytes, b'\\'));
    mask(either(either(parentheses, quotes), either(comments, ends)))
}

#[cfg(not(target_arch = "x86_64"))]
fn stops(window: &[u8; 16]) -> u32 {
    let stops = window
        .iter()
        .map(|&byte| u32::from(class(byte) >= Class::Open));
    stops
        .enumerate()
        .fold(0, |mask, (bit, stop)| mask | stop << bit)
}

/// Whether the byte at `stop` may belong to a token that begins before it, at `at` or later. A quote may have
/// a prefix, a `$` may be part of an identifier, and a `-` may be the sign of an exponent.
pub(super) fn hides_token(text: &[u8], at: usize, stop: usize) -> bool {
    if stop == at {
        return false;
    }
    let before = text[stop - 1];
    match class(text[stop]) {
        Class::Quote => matches!(
            before.to_ascii_lowercase(),
            b'b' | b'e' | b'n' | b'x' | b'&'
        ),
        Class::DoubleQuote => before == b'&',
        Class::Dollar => in_word(before),
        Class::Dash => before.eq_ignore_ascii_case(&b'e'),
        _ => false,
    }
}

/// The end of text[at..end] without trailing space.
pub(super) fn without_space(text: &[u8], at: usize, end: usize) -> usize {
    text[at..end]
        .iter()
        .rposition(|&byte| class(byte) != Class::Space)
        .map_or(at, |length| at + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_each_byte_that_is_no_plain_one_in_each_column() {
        for byte in 0..=255_u8 {
            let stops = class(byte) >= Class::Open;
            for column in 0..40 {
                for around in [b'a', b' ', b',', 0xff, 0] {
                    let mut text = [around; 44];
                    text[column] = byte;
                    let end = if stops { column } else { 44 };
                    assert_eq!(end_of_plain(&text, 0), end, "{byte} {column} {around}");
                    assert_eq!(end_of_plain(&text, column), end, "{byte} {column} {around}");
                }
            }
        }
    }
}

//! Numbers and their trailing junk.

use super::byte_class::{Class, class};
use super::quotes::end_of_junk;

/// The offset after a number that begins at `at`, with a digit or with a dot and a digit: integers, decimals,
/// exponents, and the trailing junk (scan.l, decinteger, numeric, real, realfail, `integer_junk`). 0x1f is
/// read as a 0 with junk, which ends at the same byte.
pub(super) fn end_of_number(text: &[u8], at: usize) -> usize {
    let mut digits = at;
    let mut p = end_of_digits(text, at);
    // 1..10 is split into 1, .., 10.
    if text.get(p) == Some(&b'.') && text.get(p + 1) != Some(&b'.') {
        digits = p + 1;
        p = end_of_digits(text, digits);
    }
    if let [b'e' | b'E', b'+' | b'-', ..] = text[p..] {
        digits = p + 2;
        p = end_of_digits(text, digits);
        // Without digits, the sign is still part of the error.
        if p == digits {
            return p;
        }
    }
    // In 1_0$$ the longest match is 1 with the junk _0$$.
    if text.get(p) == Some(&b'$') {
        p = memchr::memchr(b'_', &text[digits..p]).map_or(p, |length| digits + length);
    }
    end_of_junk(text, p)
}

/// The offset after digits with single underscores between them.
fn end_of_digits(text: &[u8], at: usize) -> usize {
    let digit = |p: usize| text.get(p).is_some_and(|&byte| class(byte) == Class::Digit);
    let mut p = at;
    loop {
        if digit(p) {
            p += 1;
        } else if p > at && text.get(p) == Some(&b'_') && digit(p + 1) {
            p += 2;
        } else {
            return p;
        }
    }
}

//! The fast way through a statement of which no word counts any more.

use super::byte_class::{Class, class, in_word};

/// Where the next byte stands that is more than a word, a number, a sign or space.
pub(super) fn end_of_plain(text: &[u8], at: usize) -> usize {
    text[at..]
        .iter()
        .position(|&byte| class(byte) >= Class::Open)
        .map_or(text.len(), |length| at + length)
}

/// May the byte at `stop` belong to a token that begins before it, at `at` or behind it? A quote may
/// have a prefix, a `$` may be in an identifier, and a `-` may be the sign of an exponent.
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

/// The end of text[at..end] without the space at its end.
pub(super) fn without_space(text: &[u8], at: usize, end: usize) -> usize {
    text[at..end]
        .iter()
        .rposition(|&byte| class(byte) != Class::Space)
        .map_or(at, |length| at + length + 1)
}

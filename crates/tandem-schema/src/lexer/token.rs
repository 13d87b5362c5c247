//! Finds the ends of tokens.

use super::byte_class::{Class, class, in_word};
use super::number::end_of_number;
use super::quotes::{
    Literal, end_of_delimiter, end_of_dollar_quote, end_of_identifier, end_of_parameter,
    end_of_string,
};

/// The offset after a token that is not a word; None for a quote that is not closed.
pub(crate) fn end_of_token(kind: Class, text: &[u8], at: usize) -> Option<usize> {
    match kind {
        Class::Digit => Some(end_of_number(text, at)),
        Class::Quote => end_of_string(text, at + 1, Literal::Plain),
        Class::DoubleQuote => end_of_identifier(text, at + 1),
        Class::Dollar => match end_of_delimiter(text, at) {
            Some(opened) => end_of_dollar_quote(text, at, opened),
            None => Some(end_of_parameter(text, at)),
        },
        Class::Colon => Some(end_of_colon(text, at)),
        Class::Dot => Some(end_of_dot(text, at)),
        _ => Some(at + 1),
    }
}

/// The offset after the literal or identifier whose prefix is the letter at `at`; None if the letter is not a
/// prefix, and Some(None) if the quote is not closed.
#[allow(clippy::option_option)] // Three results; the inner option is that of every token.
pub(crate) fn end_of_prefixed(text: &[u8], at: usize) -> Option<Option<usize>> {
    match text[at..] {
        [b'e' | b'E', b'\'', ..] => Some(end_of_string(text, at + 2, Literal::Escapes)),
        [b'b' | b'B' | b'x' | b'X', b'\'', ..] => Some(end_of_string(text, at + 2, Literal::Bits)),
        [b'n' | b'N', b'\'', ..] => Some(end_of_string(text, at + 2, Literal::Plain)),
        [b'u' | b'U', b'&', b'\'', ..] => Some(end_of_string(text, at + 3, Literal::Plain)),
        [b'u' | b'U', b'&', b'"', ..] => Some(end_of_identifier(text, at + 3)),
        _ => None,
    }
}

/// The offset after the bytes with which an identifier can continue.
pub(crate) fn end_of_word(text: &[u8], at: usize) -> usize {
    text[at..]
        .iter()
        .position(|&byte| !in_word(byte))
        .map_or(text.len(), |length| at + length)
}

/// The offset after `::`, after a psql variable, or after the colon alone. :'name' and :"name" end with their
/// closing quote.
fn end_of_colon(text: &[u8], at: usize) -> usize {
    if text.get(at + 1) == Some(&b':') {
        return at + 2;
    }
    text[at + 1..]
        .iter()
        .position(|&byte| !matches!(class(byte), Class::Letter | Class::Digit))
        .map_or(text.len(), |length| at + 1 + length)
}

/// In 1..2 the second dot does not begin a number.
fn end_of_dot(text: &[u8], at: usize) -> usize {
    match text.get(at + 1).copied().map(class) {
        Some(Class::Dot) => at + 2,
        Some(Class::Digit) => end_of_number(text, at),
        _ => at + 1,
    }
}

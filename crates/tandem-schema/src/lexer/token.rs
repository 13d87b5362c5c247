//! Where tokens end.

use super::byte_class::{Class, class, in_word};
use super::number::end_of_number;
use super::quotes::{
    Literal, end_of_delimiter, end_of_dollar_quote, end_of_identifier, end_of_parameter,
    end_of_string,
};

/// Behind a token that is no word; None for a quote that is not closed.
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

/// Behind the literal or identifier whose prefix is the letter at `at`; None where it is none, and
/// Some(None) where the quote is not closed.
#[allow(clippy::option_option)] // Three answers, and the inner one is that of every token.
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

/// Behind the bytes that an identifier can go on with.
pub(crate) fn end_of_word(text: &[u8], at: usize) -> usize {
    text[at..]
        .iter()
        .position(|&byte| !in_word(byte))
        .map_or(text.len(), |length| at + length)
}

/// Behind `::`, or a variable of psql, or the colon alone. :'name' and :"name" end where the quote in
/// them ends.
fn end_of_colon(text: &[u8], at: usize) -> usize {
    if text.get(at + 1) == Some(&b':') {
        return at + 2;
    }
    text[at + 1..]
        .iter()
        .position(|&byte| !matches!(class(byte), Class::Letter | Class::Digit))
        .map_or(text.len(), |length| at + 1 + length)
}

/// In 1..2 the second dot begins no number.
fn end_of_dot(text: &[u8], at: usize) -> usize {
    match text.get(at + 1).copied().map(class) {
        Some(Class::Dot) => at + 2,
        Some(Class::Digit) => end_of_number(text, at),
        _ => at + 1,
    }
}

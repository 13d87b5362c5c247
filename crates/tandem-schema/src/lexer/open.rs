//! What is open at the end of a text.

use super::quotes::end_of_delimiter;

/// What is open, and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open<'a> {
    Comment(usize),
    Statement(usize),
    Parenthesis(usize),
    Copy(usize),
    Quote {
        what: &'static str,
        at: usize,
        /// The bytes that would close it.
        close: &'a [u8],
    },
}

/// The quote that begins at `at`, including its prefix, and is not closed.
pub(super) fn open_quote(text: &[u8], at: usize) -> Open<'_> {
    let (what, close) = match text[at..] {
        [b'$', ..] => {
            let opened = end_of_delimiter(text, at).unwrap_or(text.len());
            ("dollar quote", &text[at..opened])
        }
        [b'"', ..] | [_, b'&', b'"', ..] => ("identifier", &b"\""[..]),
        _ => ("string", &b"'"[..]),
    };
    Open::Quote { what, at, close }
}

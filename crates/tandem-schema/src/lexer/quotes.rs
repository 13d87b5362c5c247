//! Finds the ends of quotes.

use super::byte_class::{Class, class};
use super::gap::{begins_line_comment, end_of_line};
use super::token::end_of_word;

/// How a string literal is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    /// '...', N'...' and U&'...'
    Plain,
    /// E'...'
    Escapes,
    /// B'...' and X'...', in which '' ends one literal and begins another.
    Bits,
}

/// The offset after the last quote of a string literal, including its continuations on further lines; `at` is
/// the offset after its first quote. None if it is not closed.
pub(super) fn end_of_string(text: &[u8], at: usize, literal: Literal) -> Option<usize> {
    let mut p = behind_quote(text, at, literal)?;
    while let Some(next) = continuation(text, p) {
        p = behind_quote(text, next, literal)?;
    }
    Some(p)
}

fn behind_quote(text: &[u8], at: usize, literal: Literal) -> Option<usize> {
    let mut p = at;
    while let Some(&byte) = text.get(p) {
        p += 1;
        if byte == b'\'' {
            if literal == Literal::Bits || text.get(p) != Some(&b'\'') {
                return Some(p);
            }
            p += 1;
        } else if byte == b'\\' && literal == Literal::Escapes {
            p += 1;
        }
    }
    None
}

/// The offset after the quote that continues a literal: only spaces and line comments precede it, with a line
/// ending among them (scan.l, quotecontinue). None if there is none.
fn continuation(text: &[u8], at: usize) -> Option<usize> {
    let mut new_line = false;
    let mut p = at;
    while let Some(&byte) = text.get(p) {
        if class(byte) == Class::Space {
            new_line |= byte == b'\n' || byte == b'\r';
            p += 1;
        } else if byte == b'\'' {
            return new_line.then_some(p + 1);
        } else if begins_line_comment(text, p) {
            p = end_of_line(text, p);
        } else {
            return None;
        }
    }
    None
}

/// The offset after the last quote of an identifier; `at` is the offset after its first quote. None if it is
/// not closed.
pub(super) fn end_of_identifier(text: &[u8], at: usize) -> Option<usize> {
    let mut p = at;
    loop {
        p += memchr::memchr(b'"', text.get(p..)?)? + 1;
        if text.get(p) != Some(&b'"') {
            return Some(p);
        }
        p += 1;
    }
}

/// The offset after the second `$` of the delimiter that begins at `at`; None if the `$` does not begin a
/// delimiter.
pub(super) fn end_of_delimiter(text: &[u8], at: usize) -> Option<usize> {
    let tag = &text[at + 1..];
    let length = match tag.first() {
        Some(&first) if class(first) == Class::Letter => tag
            .iter()
            .position(|&byte| !matches!(class(byte), Class::Letter | Class::Digit))?,
        _ => 0,
    };
    (tag.get(length) == Some(&b'$')).then_some(at + length + 2)
}

/// The offset after a dollar quote whose delimiter is text[at..opened]; None if the delimiter does not occur
/// again.
pub(super) fn end_of_dollar_quote(text: &[u8], at: usize, opened: usize) -> Option<usize> {
    let delimiter = &text[at..opened];
    memchr::memmem::find(&text[opened..], delimiter).map(|length| opened + length + delimiter.len())
}

/// The offset after `$1` and its trailing junk, or after the `$` alone.
pub(super) fn end_of_parameter(text: &[u8], at: usize) -> usize {
    let digits = text[at + 1..]
        .iter()
        .take_while(|&&byte| class(byte) == Class::Digit)
        .count();
    let end = at + 1 + digits;
    if digits == 0 {
        end
    } else {
        end_of_junk(text, end)
    }
}

/// A letter directly after a number or parameter belongs to it, with all following identifier bytes (scan.l,
/// the junk rules).
pub(super) fn end_of_junk(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(&byte) if class(byte) == Class::Letter => end_of_word(text, at),
        _ => at,
    }
}

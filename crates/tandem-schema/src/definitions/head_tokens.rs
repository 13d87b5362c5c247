//! The tokens of one statement, one after another.

use crate::lexer::{Class, class, end_of_gap, end_of_prefixed, end_of_token, end_of_word};
use std::borrow::Cow;

/// `NAMEDATALEN` - 1: `PostgreSQL` truncates longer names.
const MOST_NAME_BYTES: usize = 63;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word,
    Identifier,
    String,
    Other,
    End,
}

/// A name and its schema, which is empty if none is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QualifiedName {
    pub(super) schema: String,
    pub(super) name: String,
}

pub(super) struct HeadTokens<'a> {
    pub(super) kind: Token,
    /// The text up to the end of the statement.
    text: &'a [u8],
    start: usize,
    end: usize,
}

impl<'a> HeadTokens<'a> {
    pub(super) fn new(statement: &'a [u8]) -> Self {
        let mut head = Self {
            kind: Token::End,
            text: statement,
            start: 0,
            end: 0,
        };
        head.next();
        head
    }

    /// Advances to the next token; an open token counts as the end.
    pub(super) fn next(&mut self) {
        self.kind = self.read().unwrap_or(Token::End);
    }

    fn read(&mut self) -> Option<Token> {
        let at = end_of_gap(self.text, self.end)?;
        let kind = class(*self.text.get(at)?);
        let (found, end) = if kind == Class::Letter {
            match end_of_prefixed(self.text, at) {
                Some(end) => (Token::Other, end?),
                None => (Token::Word, end_of_word(self.text, at)),
            }
        } else {
            let found = match kind {
                Class::DoubleQuote => Token::Identifier,
                Class::Quote => Token::String,
                _ => Token::Other,
            };
            (found, end_of_token(kind, self.text, at)?)
        };
        (self.start, self.end) = (at, end);
        Some(found)
    }

    fn bytes(&self) -> &'a [u8] {
        &self.text[self.start..self.end]
    }

    /// Whether the token is this word.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Token::Word && self.bytes().eq_ignore_ascii_case(word.as_bytes())
    }

    /// Whether the token is this sign, which is a single byte.
    pub(super) fn is_sign(&self, sign: u8) -> bool {
        self.kind == Token::Other && self.bytes() == [sign]
    }

    /// Advances past this word, if it is the current token.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let is = self.is(word);
        if is {
            self.next();
        }
        is
    }

    /// Advances past these words, if they follow; if only the first ones do, nothing further can be read.
    pub(super) fn take_all(&mut self, words: &[&str]) -> bool {
        if !self.is(words[0]) {
            return false;
        }
        for word in words {
            if !self.take(word) {
                self.kind = Token::End;
                return false;
            }
        }
        true
    }

    pub(super) fn take_sign(&mut self, sign: u8) -> bool {
        let is = self.is_sign(sign);
        if is {
            self.next();
        }
        is
    }

    /// Reads a part of a name; None if there is none.
    pub(super) fn part(&mut self) -> Option<String> {
        let bytes = self.bytes();
        let name = match self.kind {
            Token::Word => folded(cut(bytes)),
            Token::Identifier => text_of(cut(&unquoted(bytes, b'"'))),
            _ => return None,
        };
        let is_variable = self.text.get(self.end) == Some(&b':');
        self.next();
        (!is_variable && !name.is_empty()).then_some(name)
    }

    /// Reads a name with up to three parts; None if there is none.
    pub(super) fn qualified_name(&mut self) -> Option<QualifiedName> {
        let mut parts = Vec::new();
        loop {
            let part = self.part()?;
            if parts.len() == 3 {
                return None;
            }
            parts.push(part);
            if !self.take_sign(b'.') {
                break;
            }
        }
        let name = parts.pop()?;
        let schema = parts.pop().unwrap_or_default();
        Some(QualifiedName { schema, name })
    }

    /// Reads the contents of a plain string; None if there is none.
    pub(super) fn string(&mut self) -> Option<String> {
        if self.kind != Token::String {
            return None;
        }
        let bytes = self.bytes();
        self.next();
        // A string that continues on another line is none of those that are searched for.
        let mut inner = bytes[1..bytes.len() - 1].iter();
        while let Some(byte) = inner.next() {
            if *byte == b'\'' && inner.next() != Some(&b'\'') {
                return None;
            }
        }
        Some(text_of(&unquoted(bytes, b'\'')))
    }

    /// The token as written; a word in lower case.
    pub(super) fn shown(&self) -> String {
        match self.kind {
            Token::Word => folded(self.bytes()),
            _ => text_of(self.bytes()),
        }
    }
}

/// The text between the quotes; each doubled quote becomes one.
fn unquoted(bytes: &[u8], quote: u8) -> Cow<'_, [u8]> {
    let inner = &bytes[1..bytes.len() - 1];
    if memchr::memchr(quote, inner).is_none() {
        return inner.into();
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(&byte) = bytes.next() {
        out.push(byte);
        if byte == quote {
            bytes.next();
        }
    }
    out.into()
}

/// The part of a name that `PostgreSQL` keeps.
fn cut(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= MOST_NAME_BYTES {
        return bytes;
    }
    let mut end = MOST_NAME_BYTES;
    while end > 0 && bytes[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    &bytes[..end]
}

/// `PostgreSQL` folds only ASCII letters if the encoding is multibyte (scansup.c).
fn folded(bytes: &[u8]) -> String {
    text_of(bytes).to_ascii_lowercase()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

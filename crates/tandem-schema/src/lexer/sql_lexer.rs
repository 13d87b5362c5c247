//! The one lexer under the check and the statements.

use super::byte_class::{Class, class};
use super::copy_data::end_of_copy_data;
use super::gap::{
    begins_block_comment, begins_line_comment, end_of_block_comment, end_of_gap, end_of_line,
    next_line,
};
use super::number::end_of_number;
use super::plain::{end_of_plain, hides_token};
use super::psql_command::read_psql_command;
use super::quotes::{
    Literal, end_of_delimiter, end_of_dollar_quote, end_of_identifier, end_of_parameter,
    end_of_string, end_of_word,
};
use super::statement_words::{Words, begin_depth_after, is_behind_dot, is_stdin, is_word};

/// What [`SqlLexer::next`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Statement,
    Copy,
    Command,
    Forced,
    End,
}

/// What is open where the text ends, and where that begins.
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

/// Cuts a text into statements and commands of psql. A byte order mark at the beginning is skipped.
pub(super) struct SqlLexer<'a> {
    /// Of what was found last; of a command behind its word too.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) word_end: usize,
    /// The lines that a COPY or \copy reads.
    pub(super) data: Option<(usize, usize)>,
    /// Known when the end is found.
    pub(super) open: Option<Open<'a>>,

    whole: &'a [u8],
    /// As far as tokens go for now: the whole text, or the line that data follows.
    text: &'a [u8],
    at: usize,
    /// Behind that data.
    behind_data: Option<usize>,
    // The statement so far: its first token, behind its last one, and what keeps it from ending.
    first: Option<usize>,
    last: usize,
    depth: usize,
    parenthesis: usize,
    begin_depth: usize,
    words: Words,
    copies: bool,
    /// The token behind a `\;`: for the server a statement begins there.
    forced: Option<usize>,
    /// As far as here tokens are read one by one.
    by_tokens: usize,
}

impl<'a> SqlLexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let bom = text.starts_with(b"\xef\xbb\xbf");
        Self {
            start: 0,
            end: 0,
            word_end: 0,
            data: None,
            open: None,
            whole: text,
            text,
            at: if bom { 3 } else { 0 },
            behind_data: None,
            first: None,
            last: 0,
            depth: 0,
            parenthesis: 0,
            begin_depth: 0,
            words: Words::First,
            copies: false,
            forced: None,
            by_tokens: 0,
        }
    }

    /// Finds what comes next. A statement that is open where the text ends is found too, before the
    /// end is.
    pub(super) fn next(&mut self) -> Found {
        if self.open.is_some() {
            return Found::End;
        }
        let mut at = self.at;
        loop {
            if self.words == Words::Any && at >= self.by_tokens {
                at = self.plain(at);
            }
            let text = self.text;
            let Some(&byte) = text.get(at) else {
                let Some(behind) = self.behind_data.take() else {
                    return self.finish();
                };
                at = behind;
                self.text = self.whole;
                continue;
            };
            match class(byte) {
                Class::Space => at += 1,
                Class::Dash if begins_line_comment(text, at) => at = end_of_line(text, at),
                Class::Slash if begins_block_comment(text, at) => {
                    match end_of_block_comment(text, at) {
                        Some(end) => at = end,
                        None => return self.leave(Some(Open::Comment(at))),
                    }
                }
                Class::Semicolon => {
                    at += 1;
                    if self.first.is_none() {
                        continue;
                    }
                    self.last = at;
                    if self.depth == 0 && self.begin_depth == 0 {
                        self.at = at;
                        return self.statement();
                    }
                }
                Class::Backslash => {
                    self.at = at;
                    return self.backslash();
                }
                kind => {
                    self.first.get_or_insert(at);
                    match self.token(kind, at) {
                        Some(end) => at = end,
                        None => return self.leave(self.open),
                    }
                    self.last = at;
                }
            }
        }
    }

    /// Where something stands that has to be looked at, in a statement of which no word counts any
    /// more.
    fn plain(&mut self, at: usize) -> usize {
        let text = self.text;
        let mut begun = at;
        loop {
            let stop = end_of_plain(text, begun);
            match text.get(stop).copied().map(class) {
                Some(Class::Open) => {
                    if self.depth == 0 {
                        self.parenthesis = stop;
                    }
                    self.depth += 1;
                    begun = stop + 1;
                }
                Some(Class::Close) => {
                    self.depth = self.depth.saturating_sub(1);
                    begun = stop + 1;
                }
                kind => {
                    let hidden = kind.is_some() && hides_token(text, begun, stop);
                    let behind = if hidden { begun } else { stop };
                    // Space before a comment, a command or the end is no part of the statement.
                    let end = text[begun..behind]
                        .iter()
                        .rposition(|&byte| class(byte) != Class::Space)
                        .map_or(begun, |length| begun + length + 1);
                    if end > at {
                        self.last = end;
                    }
                    if hidden {
                        self.by_tokens = stop + 1;
                    }
                    return behind;
                }
            }
        }
    }

    /// Behind the token at `at`; None where it is open.
    fn token(&mut self, kind: Class, at: usize) -> Option<usize> {
        let text = self.text;
        match kind {
            Class::Letter => self.word(at),
            Class::Digit => Some(end_of_number(text, at)),
            Class::Open => {
                if self.depth == 0 {
                    self.parenthesis = at;
                }
                self.depth += 1;
                Some(at + 1)
            }
            Class::Close => {
                self.depth = self.depth.saturating_sub(1);
                Some(at + 1)
            }
            Class::Quote => self.string(at, at + 1, Literal::Plain),
            Class::DoubleQuote => self.identifier(at, at + 1),
            Class::Dollar => self.dollar(at),
            Class::Colon => Some(end_of_colon(text, at)),
            Class::Dot => Some(match text.get(at + 1) {
                // 1..2: the second dot begins no number.
                Some(b'.') => at + 2,
                Some(b'0'..=b'9') => end_of_number(text, at),
                _ => at + 1,
            }),
            _ => Some(at + 1),
        }
    }

    /// Behind an identifier, or behind the literal that it is the prefix of; None where that is open.
    fn word(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        match text[at..] {
            [b'e' | b'E', b'\'', ..] => return self.string(at, at + 2, Literal::Escapes),
            [b'b' | b'B' | b'x' | b'X', b'\'', ..] => {
                return self.string(at, at + 2, Literal::Bits);
            }
            [b'n' | b'N', b'\'', ..] => return self.string(at, at + 2, Literal::Plain),
            [b'u' | b'U', b'&', b'\'', ..] => return self.string(at, at + 3, Literal::Plain),
            [b'u' | b'U', b'&', b'"', ..] => return self.identifier(at, at + 3),
            _ => {}
        }
        let end = end_of_word(text, at);
        if self.words != Words::Any {
            self.count(at, end);
        }
        Some(end)
    }

    /// What a word says about the end of its statement.
    fn count(&mut self, at: usize, end: usize) {
        let word = &self.text[at..end];
        if self.words == Words::Copy {
            if self.depth == 0 && is_word(word, b"from") && !is_behind_dot(self.text, at) {
                self.copies |= is_stdin(self.text, end);
                self.words = Words::Any;
            }
            return;
        }
        let begins = self.first == Some(at) || self.forced == Some(at);
        self.words = self.words.and(word, begins);
        if self.words == Words::Routine && self.depth == 0 {
            self.begin_depth = begin_depth_after(self.begin_depth, word);
        }
    }

    fn string(&mut self, at: usize, content: usize, literal: Literal) -> Option<usize> {
        let end = end_of_string(self.text, content, literal);
        if end.is_none() {
            self.open_quote("string", at, content - 1, content);
        }
        end
    }

    fn identifier(&mut self, at: usize, content: usize) -> Option<usize> {
        let end = end_of_identifier(self.text, content);
        if end.is_none() {
            self.open_quote("identifier", at, content - 1, content);
        }
        end
    }

    fn dollar(&mut self, at: usize) -> Option<usize> {
        let Some(opened) = end_of_delimiter(self.text, at) else {
            return Some(end_of_parameter(self.text, at));
        };
        let end = end_of_dollar_quote(self.text, at, opened);
        if end.is_none() {
            self.open_quote("dollar quote", at, at, opened);
        }
        end
    }

    fn open_quote(&mut self, what: &'static str, at: usize, from: usize, to: usize) {
        let close = &self.text[from..to];
        self.open = Some(Open::Quote { what, at, close });
    }

    fn backslash(&mut self) -> Found {
        let at = self.at;
        if let Some(&sign @ (b';' | b':')) = self.text.get(at + 1) {
            return self.force(at, sign);
        }
        let command = read_psql_command(self.text, at);
        if command.ends && self.first.is_some() {
            return self.statement();
        }
        self.at = command.end;
        self.start = at;
        self.end = command.end;
        self.word_end = command.word_end;
        self.follow(command.copies_in);
        Found::Command
    }

    /// A `\;` or `\:` hands its second character to the server.
    fn force(&mut self, at: usize, sign: u8) -> Found {
        self.first.get_or_insert(at);
        self.last = at + 2;
        self.at = at + 2;
        if sign == b';' {
            self.words = Words::First;
            self.forced = end_of_gap(self.text, at + 2);
        }
        self.start = at;
        self.end = at + 2;
        self.word_end = at + 2;
        Found::Forced
    }

    /// The statement ends behind its last token.
    fn statement(&mut self) -> Found {
        let copies = std::mem::take(&mut self.copies);
        self.start = self.first.take().unwrap_or(self.last);
        self.end = self.last;
        self.depth = 0;
        self.begin_depth = 0;
        self.words = Words::First;
        self.forced = None;
        self.follow(copies);
        if copies {
            Found::Copy
        } else {
            Found::Statement
        }
    }

    /// Data lies behind the line, or behind the data that follows it already (mainloop.c reads the
    /// rest of the line first).
    fn follow(&mut self, copies: bool) {
        self.data = None;
        if !copies {
            return;
        }
        let line = end_of_line(self.text, self.at);
        let from = self
            .behind_data
            .unwrap_or_else(|| next_line(self.whole, line));
        if let Some(end) = end_of_copy_data(self.whole, from) {
            self.data = Some((from, end));
            self.text = &self.whole[..line];
            self.behind_data = Some(next_line(self.whole, end));
        } else {
            self.data = Some((from, self.whole.len()));
            self.open = Some(Open::Copy(self.start));
        }
    }

    fn finish(&mut self) -> Found {
        let open = self.first.map(|first| {
            if self.depth > 0 {
                Open::Parenthesis(self.parenthesis)
            } else {
                Open::Statement(first)
            }
        });
        self.leave(open)
    }

    /// Finds the statement that the text leaves open, if there is one; then the end.
    fn leave(&mut self, open: Option<Open<'a>>) -> Found {
        self.open = open;
        self.at = self.whole.len();
        self.text = self.whole;
        self.behind_data = None;
        if self.first.is_none() {
            return Found::End;
        }
        if matches!(open, Some(Open::Quote { .. })) {
            self.last = self.whole.len();
        }
        self.copies = false;
        self.statement()
    }
}

/// Behind `::`, or a variable of psql, or the colon alone. :'name' and :"name" end where the string
/// or the identifier in them ends.
fn end_of_colon(text: &[u8], at: usize) -> usize {
    if text.get(at + 1) == Some(&b':') {
        return at + 2;
    }
    text[at + 1..]
        .iter()
        .position(|&byte| !matches!(class(byte), Class::Letter | Class::Digit))
        .map_or(text.len(), |length| at + 1 + length)
}

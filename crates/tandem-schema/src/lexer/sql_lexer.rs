//! The lexer that `check` and `split` share.

use super::byte_class::{Class, class};
use super::copy_data::end_of_copy_data;
use super::gap::{
    begins_block_comment, begins_line_comment, end_of_block_comment, end_of_gap, end_of_line,
    next_line,
};
use super::open::{Open, open_quote};
use super::plain::{end_of_plain, hides_token, without_space};
use super::psql_command::read_psql_command;
use super::quotes::{Literal, end_of_string};
use super::statement_words::{Words, begin_depth_after, is_behind_dot, is_stdin, is_word};
use super::token::{end_of_prefixed, end_of_token, end_of_word};

/// The result of [`SqlLexer::next`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Statement,
    Copy,
    Command,
    Forced,
    End,
}

/// Splits a text into statements and psql commands. A byte order mark at the beginning is skipped.
#[derive(Default)]
pub(super) struct SqlLexer<'a> {
    /// The offsets of the last item found; for a command, also the end of its word.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) word_end: usize,
    /// The data lines that a COPY or \copy reads.
    pub(super) data: Option<(usize, usize)>,
    /// Known once the end is found.
    pub(super) open: Option<Open<'a>>,

    whole: &'a [u8],
    /// The text in which tokens are currently read: the whole text, or the text up to the end of the line
    /// that data follows.
    text: &'a [u8],
    at: usize,
    /// The offset after that data.
    behind_data: Option<usize>,
    /// The last line end that was searched for.
    line_end: Option<usize>,
    // The statement so far: its first token, the offset after its last token, and what prevents it from
    // ending.
    first: Option<usize>,
    last: usize,
    depth: usize,
    opened: usize,
    begin_depth: usize,
    words: Words,
    copies: bool,
    /// The token after a `\;`: for the server, a statement begins there.
    forced: Option<usize>,
    /// Up to this offset, tokens are read one by one.
    by_tokens: usize,
}

impl<'a> SqlLexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let bom = text.starts_with(b"\xef\xbb\xbf");
        Self {
            whole: text,
            text,
            at: usize::from(bom) * 3,
            ..Self::default()
        }
    }

    /// Finds the next item. A statement that is open at the end of the text is also found, before the end.
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
                        None => return self.leave(Some(open_quote(text, at))),
                    }
                    self.last = at;
                }
            }
        }
    }

    /// The next offset that must be inspected, in a statement whose words no longer matter.
    fn plain(&mut self, at: usize) -> usize {
        let text = self.text;
        let mut begun = at;
        loop {
            let stop = end_of_plain(text, begun);
            match text.get(stop).copied().map(class) {
                Some(kind @ (Class::Open | Class::Close)) => begun = self.parenthesis(kind, stop),
                kind => {
                    let hidden = kind.is_some() && hides_token(text, begun, stop);
                    if kind == Some(Class::Quote)
                        && !hidden
                        && let Some(end) = end_of_string(text, stop + 1, Literal::Plain)
                    {
                        begun = end;
                        continue;
                    }
                    let behind = if hidden { begun } else { stop };
                    // Space before a comment, a command or the end is not part of the statement.
                    let end = without_space(text, begun, behind);
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

    /// The offset after the token at `at`; None if it is open.
    fn token(&mut self, kind: Class, at: usize) -> Option<usize> {
        match kind {
            Class::Letter => self.word(at),
            Class::Open | Class::Close => Some(self.parenthesis(kind, at)),
            _ => end_of_token(kind, self.text, at),
        }
    }

    fn parenthesis(&mut self, kind: Class, at: usize) -> usize {
        if kind == Class::Close {
            self.depth = self.depth.saturating_sub(1);
        } else {
            if self.depth == 0 {
                self.opened = at;
            }
            self.depth += 1;
        }
        at + 1
    }

    /// The offset after a word, or after the literal whose prefix it is; None if that literal is open.
    fn word(&mut self, at: usize) -> Option<usize> {
        if let Some(literal) = end_of_prefixed(self.text, at) {
            return literal;
        }
        let end = end_of_word(self.text, at);
        if self.words != Words::Any {
            self.count(at, end);
        }
        Some(end)
    }

    /// Evaluates a word for its effect on the end of its statement.
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

    fn backslash(&mut self) -> Found {
        let at = self.at;
        if let Some(&sign @ (b';' | b':')) = self.text.get(at + 1) {
            return self.force(at, sign);
        }
        let line_end = self.end_of_line(at);
        let command = read_psql_command(&self.text[..line_end], at);
        if command.ends && self.first.is_some() {
            return self.statement();
        }
        self.found(at, command.word_end, command.end);
        self.follow(command.copies_in);
        Found::Command
    }

    /// A `\;` or `\:` sends its second character to the server.
    fn force(&mut self, at: usize, sign: u8) -> Found {
        self.first.get_or_insert(at);
        self.last = at + 2;
        self.found(at, at + 2, at + 2);
        if sign == b';' {
            self.words = Words::First;
            self.forced = end_of_gap(self.text, at + 2);
        }
        Found::Forced
    }

    fn found(&mut self, start: usize, word_end: usize, end: usize) {
        (self.start, self.word_end, self.end) = (start, word_end, end);
        self.at = end;
    }

    /// The statement ends after its last token.
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

    /// Data begins after the line, or after the data that already follows the line (mainloop.c reads the rest
    /// of the line first).
    fn follow(&mut self, copies: bool) {
        self.data = None;
        if !copies {
            return;
        }
        let line = self.end_of_line(self.at);
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

    /// The end of the line that contains `at`; each line is searched once.
    fn end_of_line(&mut self, at: usize) -> usize {
        match self.line_end {
            Some(line_end) if at <= line_end => line_end,
            _ => *self.line_end.insert(end_of_line(self.text, at)),
        }
    }

    fn finish(&mut self) -> Found {
        let open = self.first.map(|first| match self.depth {
            0 => Open::Statement(first),
            _ => Open::Parenthesis(self.opened),
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

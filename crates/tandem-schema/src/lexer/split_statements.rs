//! The statements of a text.

use super::sql_lexer::{Found, SqlLexer};
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    Sql,
    /// COPY ... FROM STDIN.
    Copy,
    /// A backslash command. One that stands inside of a statement comes before it.
    Psql,
}

/// A statement, or a command of psql.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub kind: StatementKind,
    /// From its first token to behind its semicolon, or behind its last token where it has none.
    pub range: Range<usize>,
    /// The lines of data that a copy, or \copy ... from stdin, reads; behind them is the line `\.`.
    pub data: Option<Range<usize>>,
}

/// The statements of a text, in the order they end. What is not right in it does not matter here.
pub fn split(text: &[u8]) -> impl Iterator<Item = Statement> {
    let mut lexer = SqlLexer::new(text);
    std::iter::from_fn(move || {
        let kind = loop {
            match lexer.next() {
                Found::Statement => break StatementKind::Sql,
                Found::Copy => break StatementKind::Copy,
                Found::Command => break StatementKind::Psql,
                Found::Forced => {}
                Found::End => return None,
            }
        };
        Some(Statement {
            kind,
            range: lexer.start..lexer.end,
            data: lexer.data.map(|(from, to)| from..to),
        })
    })
}

//! Splits a text into statements.

use super::sql_lexer::{Found, SqlLexer};
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    Sql,
    /// COPY ... FROM STDIN.
    Copy,
    /// A backslash command. A command inside a statement precedes the statement.
    Psql,
}

/// A statement or a psql command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub kind: StatementKind,
    /// From its first token to after its semicolon, or after its last token if it has none.
    pub range: Range<usize>,
    /// The data lines that a copy, or \copy ... from stdin, reads; the line `\.` follows them.
    pub data: Option<Range<usize>>,
}

/// The statements of a text, in the order of their ends. Errors in the text are ignored here.
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

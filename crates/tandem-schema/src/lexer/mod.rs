//! SQL as PostgreSQL and psql split it into tokens: `spec/schema/lexer.md`. `packages/schema/src/lexer` has
//! the same files.

mod byte_class;
mod check_sql;
mod copy_data;
mod gap;
mod number;
mod open;
mod plain;
mod psql_command;
mod quotes;
mod split_statements;
mod sql_lexer;
mod statement_words;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use byte_class::{Class, class};
pub use check_sql::check;
pub(crate) use gap::end_of_gap;
pub use split_statements::{Statement, StatementKind, split};
pub(crate) use token::{end_of_prefixed, end_of_token, end_of_word};

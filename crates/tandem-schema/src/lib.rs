//! The Rust engine of the schema job. Knows nothing of Node. The rules are `spec/schema/`;
//! `packages/schema/src/join` and `packages/schema/src/lexer` are its twins.

pub mod join;
pub mod lexer;

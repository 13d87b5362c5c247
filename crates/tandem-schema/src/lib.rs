//! The Rust engine of the schema job. Knows nothing of Node. The rules are `spec/schema/`;
//! `packages/schema/src` has their twins: `definitions`, `join`, `lexer`.

pub mod definitions;
pub mod join;
pub mod lexer;

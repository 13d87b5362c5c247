//! The Rust engine of the schema job; it does not depend on Node. The rules are in `spec/schema/`.
//! `packages/schema/src` has the counterparts `definitions`, `join` and `lexer`.

pub mod definitions;
pub mod generated;
pub mod join;
pub mod lexer;

pub use generated::error_codes;

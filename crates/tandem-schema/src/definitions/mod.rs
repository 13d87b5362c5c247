//! The names that statements create, as far as their first words show it: `spec/schema/definitions.md`.
//! `packages/schema/src/definitions` implements the same rules.

mod head_tokens;
mod read_definitions;
#[cfg(test)]
mod tests;

pub use read_definitions::{Definition, read_definitions};

//! What statements create by name, as far as their first words tell: `spec/schema/definitions.md`.
//! `packages/schema/src/definitions` has the same rules.

mod head_tokens;
mod read_definitions;
#[cfg(test)]
mod tests;

pub use read_definitions::{Definition, read_definitions};

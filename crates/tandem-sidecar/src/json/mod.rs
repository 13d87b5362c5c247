//! Strict JSON in bytes, by the rules of `spec/sidecar/json.md`: verdict and position, tape, text, lint.

pub mod key_table;
pub mod lint;
pub mod number;
pub mod same_tokens;
pub mod scanner;
pub mod tape;
pub mod text;
pub mod token;
pub mod window;
pub mod write;
pub mod wtf8;

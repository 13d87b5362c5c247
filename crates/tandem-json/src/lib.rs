//! Strict JSON in bytes, by the rules of `spec/json.md`: verdict and position, tape, text. Independent of
//! jobs and of Node.

pub mod generated;
pub mod key_table;
pub mod number;
pub mod same_tokens;
pub mod scanner;
pub mod tape;
pub mod text;
mod token;
mod window;
pub mod write;
pub mod wtf8;

pub use generated::error_codes;

//! The Rust engine of the sidecar job. It writes the same bytes as the TypeScript engine, and does not depend
//! on Node.

pub mod convert;
pub mod document;
pub mod formats;
pub mod generated;
pub mod lint;
pub mod pairing;
pub mod scan;
pub mod summary;

pub use generated::error_codes;

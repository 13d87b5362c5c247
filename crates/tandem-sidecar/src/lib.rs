//! The Rust engine of the sidecar job: the same bytes as the TypeScript one, faster. Knows nothing of Node.

pub mod convert;
pub mod document;
pub mod formats;
pub mod generated;
pub mod json;
pub mod pairing;
pub mod scan;
pub mod summary;

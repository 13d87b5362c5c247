//! What every job of Tandem shares: error codes and limits, the folder walker, batches and the ordered pipeline.
//! Knows no job and nothing of Node.

pub mod base64;
pub mod batch;
pub mod durable;
pub mod fault;
pub mod file;
pub mod generated;
pub mod path;
pub mod pipeline;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod walk;

pub use fault::Fault;
pub use generated::error_codes::{ErrorCode, ErrorKind};
pub use generated::limits;

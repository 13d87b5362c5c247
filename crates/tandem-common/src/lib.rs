//! What every job of Tandem shares: error codes and limits, the folder walker, batches and the ordered pipeline.
//! Knows no job and nothing of Node.

pub mod fault;
pub mod generated;

pub use fault::Fault;
pub use generated::error_codes::{ErrorCode, ErrorKind};
pub use generated::limits;

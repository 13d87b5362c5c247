//! The parts that every job of Tandem shares: error codes and limits, the folder walker, batches and the
//! ordered pipeline. Independent of jobs and of Node.

pub mod base64;
pub mod batch;
pub mod error_code;
pub mod fault;
pub mod file;
pub mod file_lock;
pub mod generated;
mod hex;
pub mod json_string;
pub mod memory;
pub mod new_file;
pub mod path;
pub mod pipeline;
pub mod place;
mod row_batch;
#[cfg(target_arch = "x86_64")]
pub mod sse2;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod walk;

pub use error_code::ErrorCode;
pub use fault::Fault;
pub use generated::error_codes;
pub use generated::limits;
pub use hex::hex;
pub use row_batch::RowBatch;

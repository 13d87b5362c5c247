//! `lockFile(descriptor)`: an advisory lock, until the descriptor is closed.

use napi_derive::napi;

/// False where another has it, null where there is none to be had.
#[napi(catch_unwind)]
#[must_use]
pub fn lock_file(descriptor: i32) -> Option<bool> {
    tandem_common::file_lock::lock_file(descriptor)
}

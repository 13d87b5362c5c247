//! `lockFile(descriptor)`: an advisory lock, until the descriptor is closed.

use napi_derive::napi;

/// Takes an advisory lock (flock) on an open file, until its descriptor is closed. False if another
/// process has one, null if the system or its file system has none.
#[napi(catch_unwind)]
#[must_use]
pub fn lock_file(descriptor: i32) -> Option<bool> {
    tandem_common::file_lock::lock_file(descriptor)
}

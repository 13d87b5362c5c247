//! `renameNew(from, to)`: renames a file atomically to a name that does not exist yet.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

/// Gives the file `from` the name `to` unless something has that name; raw bytes of their paths. 0
/// on success, else the system's error number, or -1 if the system has no such call.
#[napi(catch_unwind)]
#[must_use]
#[allow(clippy::needless_pass_by_value)] // napi passes it by value.
pub fn rename_new(from: Buffer, to: Buffer) -> i32 {
    let renamed = tandem_common::new_file::rename_new(&from, &to);
    renamed
        .err()
        .map_or(0, |error| error.raw_os_error().unwrap_or(-1))
}

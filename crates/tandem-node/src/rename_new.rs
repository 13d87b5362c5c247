//! `renameNew(from, to)`: gives a file a name that nothing has, in one step.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

/// Raw bytes of two paths. 0 where it is done, else the number of the system's error.
#[napi(catch_unwind)]
#[must_use]
#[allow(clippy::needless_pass_by_value)] // napi hands it over.
pub fn rename_new(from: Buffer, to: Buffer) -> i32 {
    let renamed = tandem_common::new_file::rename_new(&from, &to);
    renamed
        .err()
        .map_or(0, |error| error.raw_os_error().unwrap_or(-1))
}

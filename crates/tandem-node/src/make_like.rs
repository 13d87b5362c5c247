//! `makeLike(from, to, withTimes)`: gives a file the owner, permissions, ACL, attributes and times of
//! another.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use tandem_common::new_file;

/// Gives the file `to` owner, permissions, ACL, extended attributes and, on request, times of the
/// file `from`; raw bytes of their paths. Null on success, else the code of spec/errors
/// for the failure.
#[napi(catch_unwind)]
#[must_use]
#[allow(clippy::needless_pass_by_value)] // napi passes it by value.
pub fn make_like(from: Buffer, to: Buffer, with_times: bool) -> Option<String> {
    let made = new_file::make_like(&from, &to, with_times);
    made.err()
        .map(|error| new_file::code_of(&error).code().to_owned())
}

//! `keepAccess(from, to)`: what a file has beside its bytes, for the one that is to replace it.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

/// Raw bytes of two paths. Null where it is done, else the code of `spec/error-codes.json` that says why not.
#[napi(catch_unwind)]
#[must_use]
#[allow(clippy::needless_pass_by_value)] // napi hands it over.
pub fn keep_access(from: Buffer, to: Buffer) -> Option<String> {
    let kept = tandem_common::durable::keep_access(&from, &to);
    kept.err()
        .map(|error| tandem_common::durable::code_of(&error).code().to_owned())
}

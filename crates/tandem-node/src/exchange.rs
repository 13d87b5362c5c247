//! `exchange(one, other)`: two names, swapped at once.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

/// Raw bytes of two paths. False where nothing was done.
#[napi(catch_unwind)]
#[must_use]
#[allow(clippy::needless_pass_by_value)] // napi hands it over.
pub fn exchange(one: Buffer, other: Buffer) -> bool {
    tandem_common::exchange::exchange(&one, &other)
}

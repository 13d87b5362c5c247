//! The one crate that knows Node: thin bindings, nothing else. packages/native/src/native-addon.ts says the same in
//! TypeScript.

// Under cfg(test) napi's macros export nothing, and then nobody calls what stands here.
#![cfg_attr(test, allow(dead_code))]

mod error;
mod file_lock;
mod join;
mod make_like;
mod rename_new;
mod scan;
mod stage_files;
mod stream;
mod sync_system;

use napi_derive::napi;

/// Must equal `ABI` in packages/native/src/abi.ts: an addon with another number is refused, because a stale build
/// would otherwise give wrong answers in silence. Raise both on every change of a signature or of a meaning.
const ABI: u32 = 10;

#[napi(catch_unwind)]
#[must_use]
pub fn abi_version() -> u32 {
    ABI
}

/// Panics are caught and told as errors; their default words on stderr would be told to the wrong people.
#[napi_derive::module_init]
fn init() {
    std::panic::set_hook(Box::new(|_| {}));
}

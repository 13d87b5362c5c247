//! The one crate that knows Node: thin bindings, nothing else. What they declare is the declaration in TypeScript too:
//! `npm run generate`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments become those of the declaration in TypeScript"
)]
// Under cfg(test) napi's macros export nothing, and then nobody calls what stands here.
#![cfg_attr(test, allow(dead_code))]

mod error;
mod file_lock;
mod generated;
mod join;
mod make_like;
mod rename_new;
mod scan;
mod stage_files;
mod stream;
mod sync_system;

use napi_derive::napi;

#[napi(catch_unwind)]
#[must_use]
pub fn abi_version() -> u32 {
    generated::abi::ABI
}

/// Panics are caught and told as errors; their default words on stderr would be told to the wrong
/// people.
#[napi_derive::module_init]
fn init() {
    std::panic::set_hook(Box::new(|_| {}));
}

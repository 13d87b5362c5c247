//! The only crate that depends on Node: thin bindings and nothing else. `npm run generate` makes the
//! TypeScript declaration from theirs.

#![allow(
    clippy::doc_markdown,
    reason = "these comments become those of the declaration in TypeScript"
)]
// Under cfg(test) napi's macros export nothing, so the functions of this crate are unused.
#![cfg_attr(test, allow(dead_code))]

mod analyze_log;
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

/// Panics are caught and reported as errors, so the default hook must not print them to stderr too.
#[napi_derive::module_init]
fn init() {
    std::panic::set_hook(Box::new(|_| {}));
}

//! The Rust engine of the infrastructure job; it does not depend on Node. The rules are in `spec/infra/`.
//! `packages/infra/src/logs` has the counterparts of `logs`.

pub mod logs;

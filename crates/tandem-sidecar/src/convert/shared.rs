//! What all threads of a run look at.

use super::request::ConvertRequest;
use crate::formats::Format;
use crate::generated::detection::OPERATIONS;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tandem_common::durable::{Runs, Steps, scratch_name};

pub(super) struct Shared {
    pub request: ConvertRequest,
    pub stored: Format,
    /// Index into `OPERATIONS`.
    pub only: Option<usize>,
    pub runs: Runs,
    pub steps: Steps,
    /// New bytes of the group that is being planned.
    pub group_bytes: AtomicUsize,
    staged: AtomicU64,
}

impl Shared {
    pub(super) fn new(request: ConvertRequest) -> Self {
        let only = OPERATIONS
            .iter()
            .position(|operation| operation.name == request.operation);
        Self {
            stored: request.stored(),
            only,
            runs: Runs::new(&request.run),
            steps: request.steps.clone(),
            group_bytes: AtomicUsize::new(0),
            staged: AtomicU64::new(0),
            request,
        }
    }

    /// The number of the next staged file.
    pub(super) fn next_number(&self) -> u64 {
        self.staged.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn staged_name(&self, number: u64) -> Vec<u8> {
        scratch_name(&self.request.run.id, number)
    }

    pub(super) fn target_name(&self, name: &[u8]) -> Vec<u8> {
        super::batch::target_name(name, self.request.to.name())
    }
}

//! What all threads of a run look at.

use super::folder_locks::FolderLocks;
use super::request::ConvertRequest;
use crate::formats::Format;
use crate::generated::detection::OPERATIONS;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tandem_common::Fault;
use tandem_common::durable::{FileId, Runs, Steps, scratch_name};
use tandem_common::pipeline::Cancel;
use tandem_common::walk::linked_files;

pub(super) struct Shared {
    pub request: ConvertRequest,
    pub stored: Format,
    /// Index into `OPERATIONS`.
    pub only: Option<usize>,
    /// Files that links of the tree lead to.
    pub linked: HashSet<FileId>,
    pub runs: Runs,
    pub locks: FolderLocks,
    pub steps: Steps,
    /// New bytes of the group that is being planned.
    pub group_bytes: AtomicUsize,
    staged: AtomicU64,
}

impl Shared {
    /// Lists the whole tree for its links, unless every source stays.
    pub(super) fn new(request: ConvertRequest, cancel: &Cancel) -> Self {
        let only = OPERATIONS
            .iter()
            .position(|operation| operation.name == request.operation);
        let locks = FolderLocks::new(&request);
        Self {
            stored: request.stored(),
            only,
            linked: if request.keep {
                HashSet::new()
            } else {
                linked_files(&request.root, cancel)
            },
            runs: Runs::new(&request.run),
            steps: locks.steps().clone(),
            locks,
            group_bytes: AtomicUsize::new(0),
            staged: AtomicU64::new(0),
            request,
        }
    }

    /// The number of the next staged file.
    pub(super) fn next_number(&self) -> u64 {
        self.staged.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Takes the lock of a folder; gives what is wrong where somebody else has it.
    pub(super) fn enter(&self, folder: &[u8]) -> Option<Fault> {
        self.locks.enter(folder, &self.runs)
    }

    pub(super) fn staged_name(&self, number: u64) -> Vec<u8> {
        scratch_name(&self.request.run.id, number)
    }

    pub(super) fn target_name(&self, name: &[u8]) -> Vec<u8> {
        super::batch::target_name(name, self.request.to.name())
    }
}

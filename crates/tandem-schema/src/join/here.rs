//! A small join on the thread that asks for its batches: to start others takes longer than to read the files.

use super::request::{JoinRequest, Ranges};
use super::worker::Worker;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tandem_common::pipeline::{Cancel, Panic, Work, words};
use tandem_common::{Fault, RowBatch};

/// With two threads 100 files of 2 kB take as long as with none.
const MOST_FILES: usize = 128;
/// Larger files are worth a second thread.
const MOST_SAMPLED_BYTES: u64 = 16 * 1024;
const SAMPLES: usize = 4;

/// Does it look so small that other threads would not help?
pub(super) fn is_small(request: &JoinRequest) -> bool {
    let files = request.paths.len();
    files <= MOST_FILES
        && request
            .paths
            .iter()
            .step_by(files.div_ceil(SAMPLES).max(1))
            .all(|path| size(path) <= MOST_SAMPLED_BYTES)
}

/// Zero where nobody can say: whoever reads the file says why.
#[cfg(unix)]
fn size(path: &[u8]) -> u64 {
    use std::os::unix::ffi::OsStrExt;
    std::fs::metadata(std::ffi::OsStr::from_bytes(path)).map_or(0, |facts| facts.len())
}

#[cfg(not(unix))]
fn size(path: &[u8]) -> u64 {
    std::fs::metadata(String::from_utf8_lossy(path).as_ref()).map_or(0, |facts| facts.len())
}

pub struct Here {
    ranges: Ranges,
    worker: Worker,
    cancel: Cancel,
    over: bool,
}

impl Here {
    pub(super) fn new(ranges: Ranges, request: JoinRequest) -> Self {
        Self {
            ranges,
            worker: Worker::new(Arc::new(request)),
            cancel: Cancel::default(),
            over: false,
        }
    }

    pub(super) fn cancel(&self) -> Cancel {
        self.cancel.clone()
    }

    /// As `Pipeline::next_done`.
    pub(super) fn next_done(&mut self) -> Option<Result<Result<RowBatch, Fault>, Panic>> {
        if self.over || self.cancel.is_set() {
            return None;
        }
        let batch = self.ranges.next()?;
        let worked = catch_unwind(AssertUnwindSafe(|| self.worker.work(batch, &self.cancel)));
        let done = worked.map_err(|panic| Panic(words(&*panic))).transpose();
        self.over = !matches!(done, Some(Ok(_)));
        done
    }
}

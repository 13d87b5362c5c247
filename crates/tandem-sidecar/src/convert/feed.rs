//! What the threads take while a group is planned: batches that were not planned to their end, and then those of the walk.

use super::batch::Batch;
use super::shared::Shared;
use super::source::Source;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tandem_common::Fault;
use tandem_common::limits::{
    BATCH_WEIGHT, CONVERT_GROUP_BATCHES, CONVERT_GROUP_BYTES, CONVERT_GROUP_FILES,
};
use tandem_common::pipeline::Cancel;

/// Of a group in a dry run, which is handed out soon.
const MOST_BATCHES_DRY: usize = 16;

pub(super) struct Feed {
    source: Source,
    /// Planned in part.
    paused: VecDeque<Batch>,
    planned: Vec<Batch>,
    /// Files of this group, or of batches that are being planned for it.
    files: usize,
    batches: usize,
    /// Nothing more comes from the walk.
    pub ended: bool,
    pub failure: Option<Fault>,
}

impl Feed {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            paused: VecDeque::new(),
            planned: Vec::new(),
            files: 0,
            batches: 0,
            ended: false,
            failure: None,
        }
    }

    /// The raw path of the folder that the walk came to last.
    pub(super) fn last_folder(&self) -> Option<Arc<[u8]>> {
        self.source.last_folder()
    }

    /// Begins a group with what was paused.
    pub(super) fn begin(&mut self, paused: VecDeque<Batch>, shared: &Shared) {
        self.paused = paused;
        self.files = 0;
        self.batches = 0;
        shared.group_bytes.store(0, Ordering::Relaxed);
    }

    /// The batches of the group, in their order.
    pub(super) fn end(&mut self) -> Vec<Batch> {
        let mut batches = std::mem::take(&mut self.planned);
        batches.extend(std::mem::take(&mut self.paused));
        batches.sort_unstable_by_key(|batch| batch.number);
        batches
    }

    fn take(&mut self, shared: &Shared, cancel: &Cancel) -> Option<Batch> {
        let most = if shared.request.dry_run {
            MOST_BATCHES_DRY
        } else {
            CONVERT_GROUP_BATCHES
        };
        let is_full = self.files + BATCH_WEIGHT > CONVERT_GROUP_FILES
            || self.batches >= most
            || shared.group_bytes.load(Ordering::Relaxed) >= CONVERT_GROUP_BYTES;
        if is_full {
            return None;
        }
        let batch = match self.paused.pop_front() {
            Some(batch) => batch,
            None if self.ended || cancel.is_set() => return None,
            None => match self.source.next() {
                Some(Ok(batch)) => batch,
                Some(Err(fault)) => {
                    self.failure = Some(fault);
                    self.ended = true;
                    return None;
                }
                None => {
                    self.ended = true;
                    return None;
                }
            },
        };
        self.files += batch.left();
        self.batches += 1;
        Some(batch)
    }
}

pub(super) fn lock(feed: &Mutex<Feed>) -> MutexGuard<'_, Feed> {
    feed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A batch to be planned for this group, and what has to be told when that is done.
pub(super) fn take(
    feed: &Mutex<Feed>,
    shared: &Shared,
    cancel: &Cancel,
) -> Option<(Batch, usize, usize)> {
    let batch = lock(feed).take(shared, cancel)?;
    let (left, works) = (batch.left(), batch.works.len());
    Some((batch, left, works))
}

/// Gives back a batch: the files that turned out to be none for this group make room for others.
pub(super) fn give(feed: &Mutex<Feed>, batch: Batch, left: usize, works: usize) {
    let mut feed = lock(feed);
    feed.files -= left;
    feed.files += batch.works.len() - works;
    if batch.panic.is_some() {
        feed.ended = true;
    }
    feed.planned.push(batch);
}

//! A run from its beginning to its end: groups of files through the steps of `spec/sidecar/convert.md`, several files at a time.
//!
//! Three groups are under way at once, each one step behind the other: while the file system writes the new bytes of one, the next is
//! planned and staged; and the sync that makes bytes durable makes the names of the group before durable too.

#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is for one lifetime only"
)]

use super::batch::{Batch, Stage};
use super::feed::{self, Feed};
use super::journal::Journal;
use super::shared::Shared;
use super::source::Source;
use super::sync;
use super::worker::{Worker, guarded};
use std::collections::HashSet;
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError};
use std::thread;
use tandem_common::RowBatch;
use tandem_common::durable::{FileSystems, TREE_LOCK};
use tandem_common::file::own_descriptors;
use tandem_common::path::join;
use tandem_common::pipeline::{Cancel, Panic};
use tandem_common::{ErrorCode, Fault};

/// All in which there is something to be taken back.
const STAGES: [Stage; 6] = [
    Stage::Staged,
    Stage::Writing,
    Stage::Written,
    Stage::Proved,
    Stage::Naming,
    Stage::Secure,
];

pub(super) type Handed = Result<Result<RowBatch, Fault>, Panic>;

pub(super) struct Run {
    shared: Shared,
    workers: Vec<Worker>,
    feed: Mutex<Feed>,
    /// Batches that are under way, in their order.
    active: Vec<Batch>,
    systems: FileSystems,
    /// File systems, by device, whose last sync failed or that cannot be synced as a whole.
    unsynced: HashSet<u64>,
    journal: Journal,
    cancel: Cancel,
    out: SyncSender<Handed>,
    /// What the run ends with, when all before it is handed out.
    panic: Option<Panic>,
}

impl Run {
    pub(super) fn new(shared: Shared, cancel: Cancel, out: SyncSender<Handed>) -> Self {
        let request = &shared.request;
        Self {
            workers: (0..request.workers.max(1))
                .map(|_| Worker::new(&shared))
                .collect(),
            feed: Mutex::new(Feed::new(Source::new(request))),
            active: Vec::new(),
            systems: FileSystems::default(),
            unsynced: HashSet::new(),
            journal: Journal::new(request.journal.clone(), shared.steps.clone()),
            cancel,
            out,
            panic: None,
            shared,
        }
    }

    /// To its end, with what it ends with.
    pub(super) fn run(&mut self) {
        while !self.is_over() {
            if self.shared.locks.is_lost() {
                self.cancel.set();
            }
            self.stage_and_sync();
            self.give_up_after_panic();
            self.place();
            self.give_up_after_panic();
            self.finish();
        }
        let is_whole = self.panic.is_none() && !self.cancel.is_set();
        self.shared.locks.leave(|_| false, is_whole);
        let failure = self
            .feed
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .failure
            .take();
        if let Some(panic) = self.panic.take() {
            let _ = self.out.send(Err(panic));
        } else if self.shared.locks.is_lost() {
            let lock = join(&self.shared.request.root, TREE_LOCK);
            let fault = Fault::new(ErrorCode::LockLost);
            let fault = fault.with("lock", String::from_utf8_lossy(&lock));
            let _ = self.out.send(Ok(Err(fault)));
        } else if let Some(fault) = failure {
            let _ = self.out.send(Ok(Err(fault)));
        }
    }

    fn is_over(&mut self) -> bool {
        let ended = self
            .feed
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .ended;
        (ended || self.cancel.is_set()) && self.active.is_empty()
    }

    /// Steps 1 and 2: plans and stages a new group while the one before is being synced.
    fn stage_and_sync(&mut self) {
        let shared = &self.shared;
        let devices = if shared.request.volatile {
            sync::Devices::new()
        } else {
            sync::begin(self.active.iter_mut())
        };
        let (done, paused): (Vec<_>, Vec<_>) = std::mem::take(&mut self.active)
            .into_iter()
            .partition(Batch::is_planned);
        self.active = done;
        feed::lock(&self.feed).begin(paused.into(), shared);
        let (feed, cancel, systems) = (&self.feed, &self.cancel, &mut self.systems);
        let unsynced = thread::scope(|scope| {
            let syncing = (!devices.is_empty())
                .then(|| scope.spawn(|| sync::sync_devices(systems, &devices, &shared.steps)));
            parallel(&mut self.workers, |worker| {
                while let Some((mut batch, left, works)) = feed::take(feed, shared, cancel) {
                    guarded(&mut batch, |batch| {
                        worker.plan(batch, shared);
                        if shared.request.volatile {
                            worker.each(batch, Stage::Staged, shared, |hand| hand.place());
                        }
                    });
                    feed::give(feed, batch, left, works);
                }
            });
            // A sync that panicked has synced nothing.
            syncing.map(|syncing| {
                syncing
                    .join()
                    .unwrap_or_else(|_| devices.keys().copied().collect())
            })
        });
        self.active.extend(feed::lock(&self.feed).end());
        self.active.sort_unstable_by_key(|batch| batch.number);
        self.unsynced = unsynced.unwrap_or_default();
        if shared.request.volatile {
            let works = self.active.iter_mut().flat_map(|batch| &mut batch.works);
            works
                .filter(|work| work.stage == Stage::Proved)
                .for_each(|work| work.stage = Stage::Secure);
        }
    }

    /// Steps 3 and 5, and the rows of batches that have all their files through them and through step 4.
    fn place(&mut self) {
        let (shared, unsynced) = (&self.shared, &self.unsynced);
        let batches = Mutex::new(self.active.iter_mut());
        parallel(&mut self.workers, |worker| {
            while let Some(batch) = next(&batches) {
                guarded(batch, |batch| {
                    sync::end(batch, unsynced, worker, shared);
                    if !batch.is_ready() {
                        worker.each(batch, Stage::Written, shared, |hand| hand.place());
                    } else if batch.rows.totals.is_empty() {
                        batch.write_rows(shared);
                    }
                });
            }
        });
    }

    /// Step 6 for the batches that are ready and have none before them that is not; gives their number.
    fn journal(&mut self) -> usize {
        let separator = self.shared.request.separator.len();
        let journal = &mut self.journal;
        let mut count = 0;
        for batch in &mut self.active {
            if !batch.is_ready() || batch.rows.totals.is_empty() {
                break;
            }
            guarded(batch, |batch| journal.write(batch, separator));
            if batch.panic.is_some() {
                break;
            }
            count += 1;
        }
        count
    }

    /// Steps 6 and 7; then the batches are handed out.
    fn finish(&mut self) {
        let ready = self.journal();
        // Nothing of what could not be journaled is removed yet: it can be taken back.
        self.give_up_after_panic();
        if ready == 0 {
            return;
        }
        let (shared, separator) = (&self.shared, self.shared.request.separator.len());
        let batches = Mutex::new(self.active[..ready].iter_mut());
        parallel(&mut self.workers, |worker| {
            while let Some(batch) = next(&batches) {
                guarded(batch, |batch| {
                    let failed = batch.failed();
                    worker.each(batch, Stage::Secure, shared, |hand| hand.remove());
                    batch.has_failed_late = batch.failed() > failed;
                    if batch.has_failed_late {
                        batch.write_rows(shared);
                    }
                });
            }
        });
        let removed: Vec<Batch> = self.active.drain(..ready).collect();
        self.leave_folders();
        for mut batch in removed {
            if let Some(words) = batch.panic.take() {
                // It is journaled, and so are those after it up to here: whoever reads the journal finishes them.
                self.give_up(0, words);
                return;
            }
            if batch.has_failed_late {
                self.journal.write(&batch, separator);
            }
            if self.out.send(Ok(Ok(batch.handed_out()))).is_err() {
                // Nobody is there any more; what is begun is finished.
                self.cancel.set();
            }
        }
    }

    /// Lets go of the folders that no batch is at work in; the last one may go on in the next.
    fn leave_folders(&mut self) {
        let feed = self.feed.get_mut().unwrap_or_else(PoisonError::into_inner);
        let last = feed.last_folder();
        let paths = self.active.iter().flat_map(|batch| &batch.parts);
        let mut busy: HashSet<&[u8]> = paths.map(|part| &*part.path).collect();
        busy.extend(last.as_deref());
        let locks = &self.shared.locks;
        locks.leave(|folder| busy.contains(folder), true);
    }

    fn give_up_after_panic(&mut self) {
        let panicked = self.active.iter().position(|batch| batch.panic.is_some());
        if let Some(at) = panicked {
            let words = self.active[at].panic.take().unwrap_or_default();
            self.give_up(at, words);
        }
    }

    /// Takes back what was done for the batch that panicked and those after it: another engine does them again. Those before it go
    /// on to their end. Of several panics the earliest batch's counts, and that is the last to come here.
    fn give_up(&mut self, at: usize, words: String) {
        self.panic = Some(Panic(words));
        feed::lock(&self.feed).ended = true;
        let mut given_up = self.active.split_off(at);
        let Some(worker) = self.workers.first_mut() else {
            return;
        };
        for batch in &mut given_up {
            for stage in STAGES {
                guarded(batch, |batch| {
                    worker.each(batch, stage, &self.shared, |hand| hand.undo());
                });
            }
        }
    }
}

fn next<'a, T>(items: &Mutex<impl Iterator<Item = &'a mut T>>) -> Option<&'a mut T> {
    items.lock().unwrap_or_else(PoisonError::into_inner).next()
}

/// Each worker on a thread of its own, until all have done.
fn parallel<'w>(workers: &'w mut [Worker], work: impl Fn(&'w mut Worker) + Sync) {
    let work = &work;
    thread::scope(|scope| {
        let mut started = 0;
        for worker in workers {
            let begun =
                thread::Builder::new()
                    .name("tandem".into())
                    .spawn_scoped(scope, move || {
                        own_descriptors();
                        work(worker);
                    });
            started += usize::from(begun.is_ok());
        }
        assert!(started > 0, "no thread could be started");
    });
}

//! Brings all sidecars of a folder to one format: `spec/sidecar/convert.md`. Nothing is removed before what replaces it is on the disk,
//! read back and compared; a kill at any point loses nothing.

mod batch;
mod claim;
mod encode;
mod feed;
mod folder_locks;
mod journal;
mod lock;
mod lock_file;
mod names;
mod others;
mod outcome;
mod plan;
mod request;
mod rows;
mod run;
mod saves;
mod shared;
mod source;
mod stage;
mod state;
mod sweep;
mod sync;
#[cfg(test)]
mod tests;
mod worker;

pub use request::ConvertRequest;

use run::{Handed, Run};
use shared::Shared;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{Builder, JoinHandle};
use tandem_common::pipeline::{Cancel, Panic};

/// Batches that wait to be handed out: a slow consumer slows the run.
const WINDOW: usize = 16;

/// A run at work on threads of its own. Dropping it cancels it and does not wait for it: what is begun is finished.
pub struct Convert {
    batches: Receiver<Handed>,
    cancel: Cancel,
    thread: Option<JoinHandle<()>>,
}

/// The lock of the tree is the caller's to take, and the journal the caller's to remove.
pub fn start(request: ConvertRequest) -> io::Result<Convert> {
    let cancel = Cancel::default();
    let (out, batches) = sync_channel(WINDOW);
    let flag = cancel.clone();
    let thread = Builder::new()
        .name("tandem-convert".into())
        .spawn(move || {
            let last_words = out.clone();
            let run = AssertUnwindSafe(|| {
                let shared = Shared::new(request, &flag);
                Run::new(shared, flag, out).run();
            });
            if catch_unwind(run).is_err() {
                let _ = last_words.send(Err(Panic("the run itself panicked".into())));
            }
        })?;
    Ok(Convert {
        batches,
        cancel,
        thread: Some(thread),
    })
}

impl Convert {
    /// The next batch in order; waits for it. After an error or the end it gives None, and when it does, no thread of the run is at work
    /// any more.
    pub fn next_done(&mut self) -> Option<Handed> {
        if let Ok(handed) = self.batches.recv() {
            return Some(handed);
        }
        if let Some(thread) = self.thread.take() {
            // It catches its panics; one that slipped through has nothing left to tell.
            let _ = thread.join();
        }
        None
    }

    /// What is begun is finished and handed out; then comes the end. Safe at any time and more than once, from any thread.
    #[must_use]
    pub fn canceller(&self) -> Cancel {
        self.cancel.clone()
    }
}

impl Drop for Convert {
    fn drop(&mut self) {
        self.cancel.set();
    }
}

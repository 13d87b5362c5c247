//! An ordered pool of workers over a source of batches.
//!
//! Workers pull batches from the source under a lock, so batches are numbered in the order of the source and
//! no separate thread has to walk. A worker waits while the window is full: a slow consumer slows the walk,
//! and memory holds at most `window` results. A panic becomes the result of its batch, at its position in the
//! order.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A flag that any thread can set to end the run; checked before every file.
#[derive(Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The message of a panic. Another engine must repeat the batch that it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic(pub String);

impl Panic {
    /// From the payload that `catch_unwind` returned.
    #[must_use]
    pub fn of(panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Self(text.unwrap_or_else(|| "a panic without words".into()))
    }
}

/// The work of one thread of the pool. It keeps its buffers from one batch to the next.
pub trait Work<B>: Send {
    type Done: Send + 'static;

    /// Called once, on the thread that calls `work`, before the first batch.
    fn begin(&mut self) {}

    /// None if the run was cancelled before the batch was complete.
    fn work(&mut self, batch: B, cancel: &Cancel) -> Option<Self::Done>;
}

/// Results in the order of the source. Dropping it cancels the run and does not wait for it.
pub struct Pipeline<D> {
    shared: Arc<Shared<D>>,
    cancel: Cancel,
    threads: Vec<thread::JoinHandle<()>>,
}

struct Shared<D> {
    state: Mutex<State<D>>,
    /// Notified when there is room in the window, or when no more batches will be taken.
    room: Condvar,
    /// Notified when a result is ready, or when a worker has ended.
    news: Condvar,
}

struct State<D> {
    done: BTreeMap<u64, Result<D, Panic>>,
    delivered: u64,
    reserved: u64,
    window: u64,
    working: usize,
    /// Nothing more is taken from the source: it is empty, something panicked, or the run was cancelled.
    closed: bool,
    /// The panic was delivered; everything after it is dropped.
    over: bool,
}

/// Starts one thread per worker; there must be at least one. `window` limits the batches that are in progress
/// or wait for delivery.
pub fn start<S, W>(source: S, workers: Vec<W>, window: usize, cancel: Cancel) -> Pipeline<W::Done>
where
    S: Iterator + Send + 'static,
    W: Work<S::Item> + 'static,
{
    let state = State {
        done: BTreeMap::new(),
        delivered: 0,
        reserved: 0,
        window: window.max(1) as u64,
        working: workers.len(),
        closed: false,
        over: false,
    };
    let shared = Arc::new(Shared {
        state: Mutex::new(state),
        room: Condvar::new(),
        news: Condvar::new(),
    });
    let source = Arc::new(Mutex::new((source, 0_u64)));
    let mut threads = Vec::with_capacity(workers.len());
    let mut refusal = None;
    for worker in workers {
        let (shared, source, cancel) = (Arc::clone(&shared), Arc::clone(&source), cancel.clone());
        let run = {
            let shared = Arc::clone(&shared);
            move || {
                let _leaving = Leaving(&shared);
                run(&shared, &source, worker, &cancel);
            }
        };
        match thread::Builder::new().name("tandem".into()).spawn(run) {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                shared.lock().working -= 1;
                refusal = Some(error);
            }
        }
    }
    // If only some threads start, the run is slower. If none does, the first `next_done` reports it.
    if let (true, Some(error)) = (threads.is_empty(), refusal) {
        shared.put(
            0,
            Err(Panic(format!("no thread could be started: {error}"))),
        );
    }
    Pipeline {
        shared,
        cancel,
        threads,
    }
}

fn run<S, W>(shared: &Shared<W::Done>, source: &Mutex<(S, u64)>, mut worker: W, cancel: &Cancel)
where
    S: Iterator,
    W: Work<S::Item>,
{
    worker.begin();
    while shared.reserve(cancel) {
        let (index, batch) = {
            let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
            let index = source.1;
            source.1 += 1;
            (index, catch_unwind(AssertUnwindSafe(|| source.0.next())))
        };
        let done = match batch {
            Ok(None) => None,
            Ok(Some(batch)) => {
                catch_unwind(AssertUnwindSafe(|| worker.work(batch, cancel))).transpose()
            }
            Err(panic) => Some(Err(panic)),
        };
        match done {
            // The source is empty or the run was cancelled: nothing follows this position.
            None => return shared.close(),
            Some(Ok(done)) => shared.put(index, Ok(done)),
            Some(Err(panic)) => {
                shared.put(index, Err(Panic::of(&*panic)));
                return shared.close();
            }
        }
    }
}

/// Subtracts its worker from `working` however the worker ends, so that no thread waits for it forever.
struct Leaving<'a, D>(&'a Shared<D>);

impl<D> Drop for Leaving<'_, D> {
    fn drop(&mut self) {
        self.0.lock().working -= 1;
        self.0.news.notify_all();
    }
}

impl<D> Shared<D> {
    fn lock(&self) -> MutexGuard<'_, State<D>> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room in the window; false if no more batches will be taken.
    fn reserve(&self, cancel: &Cancel) -> bool {
        let mut state = self.lock();
        while !state.closed && !cancel.is_set() && state.reserved - state.delivered >= state.window
        {
            state = self
                .room
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.reserved += 1;
        !state.closed && !cancel.is_set()
    }

    fn put(&self, index: u64, done: Result<D, Panic>) {
        let mut state = self.lock();
        state.done.insert(index, done);
        let next = index == state.delivered;
        drop(state);
        if next {
            self.news.notify_all();
        }
    }

    fn close(&self) {
        self.lock().closed = true;
        self.room.notify_all();
    }
}

impl<D> Pipeline<D> {
    /// The next result in order; waits for it. Returns None after a panic and at the end, and only after
    /// every thread of the pool has ended.
    pub fn next_done(&mut self) -> Option<Result<D, Panic>> {
        let mut state = self.shared.lock();
        loop {
            let next = state.delivered;
            let done = if state.over {
                None
            } else {
                state.done.remove(&next)
            };
            if let Some(done) = done {
                state.delivered += 1;
                if done.is_err() {
                    state.closed = true;
                    state.over = true;
                    state.done.clear();
                }
                drop(state);
                self.shared.room.notify_one();
                return Some(done);
            }
            if state.working == 0 {
                drop(state);
                for thread in self.threads.drain(..) {
                    // The thread catches its panics; one that escaped carries no more information.
                    let _ = thread.join();
                }
                return None;
            }
            state = self
                .shared
                .news
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next result in order, if it is ready. None does not mean the end.
    pub fn try_next_done(&mut self) -> Option<Result<D, Panic>> {
        let state = self.shared.lock();
        let is_ready = !state.over && state.done.contains_key(&state.delivered);
        drop(state);
        // Only this consumer takes results, so a ready result stays ready.
        if is_ready { self.next_done() } else { None }
    }

    /// Cancels the run. Finished results are still delivered, up to the first gap; then the results end. May
    /// be called at any time and more than once.
    pub fn cancel(&self) {
        cancel(&self.shared, &self.cancel);
    }

    /// Cancels from a thread other than the one that waits in `next_done`.
    #[must_use]
    pub fn canceller(&self) -> Canceller
    where
        D: Send + 'static,
    {
        let (shared, flag) = (Arc::clone(&self.shared), self.cancel.clone());
        Canceller(Arc::new(move || cancel(&shared, &flag)))
    }
}

#[derive(Clone)]
pub struct Canceller(Arc<dyn Fn() + Send + Sync>);

impl Canceller {
    pub fn cancel(&self) {
        (self.0)();
    }
}

fn cancel<D>(shared: &Shared<D>, flag: &Cancel) {
    flag.set();
    // Under the lock, so that no worker goes to sleep between checking the flag and waiting.
    drop(shared.lock());
    shared.room.notify_all();
}

impl<D> Drop for Pipeline<D> {
    fn drop(&mut self) {
        self.cancel();
    }
}

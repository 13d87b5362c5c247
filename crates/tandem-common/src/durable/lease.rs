//! The time for which others take a lock for held without knowing its process: `spec/sidecar/locks.md`, "Lease".

use super::steps::Guard;
use crate::limits::{LOCK_LEASE_MS, LOCK_RENEW_MS};
use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::{Duration, Instant, SystemTime};

const RENEW: Duration = Duration::from_millis(LOCK_RENEW_MS as u64);
const LEASE: Duration = Duration::from_millis(LOCK_LEASE_MS as u64);
/// Whoever took the lock over read it, saw that its time was over, and removed it well within this.
const TAKE_OVER: Duration = Duration::from_secs(1);

/// What came of renewing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    Renewed,
    /// Somebody else has it, or nobody.
    Lost,
    /// The system refused, which may pass.
    Failed,
}

type Renew = Box<dyn Fn() -> Renewal + Send + Sync>;

/// What a change fails with once a lock was lost.
#[derive(Clone, Copy, Debug)]
pub struct LockLost;

impl fmt::Display for LockLost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a lock of this run was lost")
    }
}

impl std::error::Error for LockLost {}

/// Renewed by a thread of its own, and looked at before each change.
pub struct Lease {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    renew: Renew,
    state: Mutex<State>,
    end: Condvar,
}

struct State {
    /// By both clocks: one stands still while the machine sleeps, the other is set by people.
    steady: Instant,
    wall: SystemTime,
    lost: bool,
    ended: bool,
}

impl Lease {
    /// Where no thread can be started it is renewed before changes alone.
    #[must_use]
    pub fn new(renew: Renew) -> Self {
        let shared = Arc::new(Shared {
            renew,
            state: Mutex::new(State {
                steady: Instant::now(),
                wall: SystemTime::now(),
                lost: false,
                ended: false,
            }),
            end: Condvar::new(),
        });
        let kept = Arc::clone(&shared);
        let thread = Builder::new()
            .name("tandem-lease".into())
            .spawn(move || kept.keep_up_until_the_end());
        Self {
            shared,
            thread: thread.ok(),
        }
    }

    /// What looks at it before each change.
    #[must_use]
    pub fn guard(&self) -> Arc<dyn Guard> {
        Arc::clone(&self.shared) as Arc<dyn Guard>
    }

    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.shared.state().lost
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.end.notify_all();
        if let Some(thread) = self.thread.take() {
            // It has nothing to tell.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep_up_until_the_end(&self) {
        let mut state = self.state();
        while !state.ended && !state.lost {
            state = self
                .end
                .wait_timeout(state, RENEW)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            if !state.ended {
                self.keep_up(&mut state);
            }
        }
    }

    fn keep_up(&self, state: &mut State) {
        let late = state.late();
        if state.lost || late < RENEW {
            return;
        }
        let mut renewal = self.renewed(state);
        if late >= LEASE {
            // It stood still for so long that another may be taking it over just now: it has to be there afterwards too.
            sleep(TAKE_OVER);
            if renewal == Renewal::Renewed {
                renewal = self.renewed(state);
            }
            if renewal == Renewal::Failed {
                renewal = Renewal::Lost;
            }
        }
        state.lost = renewal == Renewal::Lost;
    }

    fn renewed(&self, state: &mut State) -> Renewal {
        let (steady, wall) = (Instant::now(), SystemTime::now());
        let renewal = (self.renew)();
        if renewal == Renewal::Renewed {
            (state.steady, state.wall) = (steady, wall);
        }
        renewal
    }
}

impl State {
    fn late(&self) -> Duration {
        // A clock that was set back says nothing.
        self.steady
            .elapsed()
            .max(self.wall.elapsed().unwrap_or_default())
    }
}

impl Guard for Shared {
    fn hold(&self) -> io::Result<()> {
        let mut state = self.state();
        self.keep_up(&mut state);
        if state.lost {
            return Err(io::Error::other(LockLost));
        }
        Ok(())
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Lease")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn one_that_is_young_is_not_renewed_for_a_change() {
        let count = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&count);
        let lease = Lease::new(Box::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Renewal::Renewed
        }));
        lease.guard().hold().expect("it is held");
        assert!(!lease.is_lost());
        assert_eq!(count.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn one_that_was_taken_over_lets_no_change_through() {
        let lease = Lease::new(Box::new(|| Renewal::Lost));
        let past = Duration::from_millis(LOCK_RENEW_MS as u64);
        lease.shared.state().wall = SystemTime::now() - past;
        let error = lease.guard().hold().expect_err("it is lost");
        assert_eq!(crate::durable::code_of(&error), crate::ErrorCode::LockLost);
        assert!(lease.is_lost());
        assert!(lease.guard().hold().is_err());
    }

    #[test]
    fn a_refusal_passes_until_the_lease_is_over() {
        let lease = Lease::new(Box::new(|| Renewal::Failed));
        lease.shared.state().wall = SystemTime::now() - RENEW;
        lease.guard().hold().expect("it may pass");
        lease.shared.state().wall = SystemTime::now() - LEASE;
        assert!(lease.guard().hold().is_err());
    }

    #[test]
    fn one_that_stood_still_goes_on_where_nobody_took_it() {
        let lease = Lease::new(Box::new(|| Renewal::Renewed));
        lease.shared.state().wall = SystemTime::now() - LEASE * 2;
        lease.guard().hold().expect("it is held still");
    }
}

//! Every change to a disk is a step, and a process can be told to die before one of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Told of each change before it is made. In earnest it does nothing; as a test instrument it kills the process, without any
/// clearing up, before the step that it was told: nothing else shows what a kill leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Steps(Option<Arc<AtomicI64>>);

impl Steps {
    /// `kill_at` counts from 0; negative for never.
    #[must_use]
    pub fn killing_at(kill_at: i64) -> Self {
        Self((kill_at >= 0).then(|| Arc::new(AtomicI64::new(kill_at))))
    }

    pub fn before(&self) {
        if let Some(left) = &self.0
            && left.fetch_sub(1, Ordering::Relaxed) == 0
        {
            die();
        }
    }
}

#[cfg(target_os = "linux")]
fn die() {
    // SAFETY: no memory is involved; SIGKILL ends this process before the call returns.
    unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
}

#[cfg(not(target_os = "linux"))]
fn die() {
    std::process::abort();
}

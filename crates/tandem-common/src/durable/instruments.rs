//! What a whole process can be told to do with its steps, for the tests that start one.

use super::{Step, Steps, Watch};
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

impl Steps {
    /// `kill:7` kills the process, without any clearing up, before step 7, counted from 0: nothing else shows what a kill leaves behind.
    /// `panic:7` panics there, and `panic-from:7` there and at every step after it. `log:<path>` writes a line for each step as it begins
    /// and as it is over. None for anything else.
    #[must_use]
    pub fn instrument(text: &str) -> Option<Self> {
        let (kind, value) = text.split_once(':')?;
        if kind == "log" {
            File::create(value).ok()?;
            return Some(Self::watched_by(Log(value.into())));
        }
        let left = AtomicI64::new(value.parse().ok()?);
        let end = match kind {
            "kill" => End::Kill,
            "panic" => End::Panic,
            "panic-from" => End::PanicFromHere,
            _ => return None,
        };
        Some(Self::watched_by(Countdown { left, end }))
    }
}

#[derive(Debug)]
enum End {
    Kill,
    Panic,
    PanicFromHere,
}

#[derive(Debug)]
struct Countdown {
    left: AtomicI64,
    end: End,
}

impl Watch for Countdown {
    fn before(&self, _step: &Step) -> io::Result<()> {
        let left = self.left.fetch_sub(1, Ordering::Relaxed);
        match self.end {
            End::Kill if left == 0 => die(),
            End::Panic => assert!(left != 0, "the test instrument ended the engine here"),
            End::PanicFromHere => assert!(left > 0, "the test instrument ended the engine here"),
            End::Kill => {}
        }
        Ok(())
    }
}

/// By its path: threads with descriptors of their own share none.
#[derive(Debug)]
struct Log(PathBuf);

impl Log {
    fn write(&self, when: &str, step: &Step) -> io::Result<()> {
        let head = format!("{when}\t{:?}\t", step.what);
        let line = [head.as_bytes(), &step.path, b"\t", &step.to, b"\n"].concat();
        File::options().append(true).open(&self.0)?.write_all(&line)
    }
}

impl Watch for Log {
    fn before(&self, step: &Step) -> io::Result<()> {
        self.write("begun", step)
    }

    fn after(&self, step: &Step) {
        // A test that reads the log misses the line and fails.
        let _ = self.write("over", step);
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

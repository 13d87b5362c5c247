//! One lock, taken and let go of: `spec/sidecar/locks.md`, "A lock". packages/sidecar/src/store/lock.ts is the twin.

use super::lock_file::{Found, Judge, Line};
use crate::scan::time::iso;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::thread::sleep;
use std::time::Duration;
use tandem_common::durable::{Folder, Placed, Run, Runs, Steps, TREE_LOCK, scratch_name};
use tandem_common::path::{join, with_path};
use tandem_common::{ErrorCode, Fault};

pub(super) const GUARD: &[u8] = b".tandem-lock-";
/// Stands for the run of a lock that was never written to its end.
const UNWRITTEN: &[u8] = b"unwritten";
/// Somebody else who takes over the same dead lock is done within this.
const MOST_TRIES: usize = 200;
pub(super) const PAUSE: Duration = Duration::from_millis(5);

/// Whether this is the name of a lock under which a dead one is replaced.
pub(super) fn is_guard_name(name: &[u8]) -> bool {
    name.strip_prefix(GUARD)
        .is_some_and(|id| id == UNWRITTEN || Run::parse(id).is_some())
}

/// Takes locks for one run.
pub(super) struct Locker {
    pub run: Run,
    /// What stands in each of them.
    pub line: Vec<u8>,
    pub boot: String,
    pub steps: Steps,
}

/// What came of wanting a lock.
pub(super) enum Attempt {
    Taken {
        /// The text of the lock that was taken over, where that was an interrupted convert's.
        leftover: Option<Vec<u8>>,
    },
    Held,
}

impl Locker {
    /// As takeLock of packages/sidecar/src/store/lock.ts.
    pub(super) fn take(&self, folder: &[u8], name: &[u8], runs: &Runs) -> io::Result<Attempt> {
        let path = join(folder, name);
        let clock = || self.clock(folder);
        for _ in 0..MOST_TRIES {
            let Some(found) = Found::at(&path)? else {
                if self.place(folder, name)? {
                    return Ok(Attempt::Taken { leftover: None });
                }
                continue;
            };
            if found.line.as_ref().is_some_and(|line| line.run == self.run) {
                return Ok(Attempt::Taken { leftover: None });
            }
            if found.is_held(&path, &self.judge(runs, &clock)) {
                return Ok(Attempt::Held);
            }
            if let Some(taken) = self.take_over(folder, name, &found, runs)? {
                return Ok(taken);
            }
            sleep(PAUSE);
        }
        Ok(Attempt::Held)
    }

    /// Puts the lock there with all it says; false where something is there.
    fn place(&self, folder: &[u8], name: &[u8]) -> io::Result<bool> {
        let mut at = Folder::new(folder, 1);
        let scratch = scratch_name(&self.run.id, 0);
        at.create(&scratch, &self.line, None, &self.steps)?;
        let placed = at.place(&scratch, name, &self.steps);
        if !matches!(placed, Ok(Placed::Done)) {
            let _ = at.unlink(&scratch, &self.steps);
        }
        match placed? {
            Placed::Done => Ok(true),
            Placed::Taken => Ok(false),
            // It is there for a moment before it says whose it is.
            Placed::NeedsClaim => match at.create(name, &self.line, None, &self.steps) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
                created => created.map(|_| true),
            },
        }
    }

    /// Puts ours in the place of a dead lock, in one step; None where somebody else is about to, or it is none any more.
    fn take_over(
        &self,
        folder: &[u8],
        name: &[u8],
        dead: &Found,
        runs: &Runs,
    ) -> io::Result<Option<Attempt>> {
        let id = dead.line.as_ref().map_or(UNWRITTEN, |line| &line.run.id);
        let guard = [GUARD, id].concat();
        if matches!(self.take(folder, &guard, runs)?, Attempt::Held) {
            return Ok(None);
        }
        let taken = self.replace(folder, name, dead, runs);
        let path = join(folder, &guard);
        if Found::at(&path)?.is_some_and(|found| found.text == self.line) {
            let _ = Folder::new(folder, 1).unlink(&guard, &self.steps);
        }
        taken
    }

    fn replace(
        &self,
        folder: &[u8],
        name: &[u8],
        dead: &Found,
        runs: &Runs,
    ) -> io::Result<Option<Attempt>> {
        let path = join(folder, name);
        let clock = || self.clock(folder);
        let again = Found::at(&path)?.filter(|again| {
            again.text == dead.text && !again.is_held(&path, &self.judge(runs, &clock))
        });
        let Some(dead) = again else { return Ok(None) };
        let is_unfinished = dead.line.is_some_and(|line| line.is_unfinished);
        self.rename_over(folder, name, &self.line)?;
        Ok(Some(Attempt::Taken {
            leftover: is_unfinished.then_some(dead.text),
        }))
    }

    fn rename_over(&self, folder: &[u8], name: &[u8], text: &[u8]) -> io::Result<()> {
        let mut at = Folder::new(folder, 1);
        let scratch = scratch_name(&self.run.id, 0);
        at.create(&scratch, text, None, &self.steps)?;
        at.replace(&scratch, name, &self.steps).inspect_err(|_| {
            let _ = at.unlink(&scratch, &self.steps);
        })
    }

    /// What an interrupted convert left and this run has not finished is written down again, in the words of the run that is no more.
    pub(super) fn release(
        &self,
        folder: &[u8],
        leftover: Option<&[u8]>,
        is_finished: bool,
    ) -> io::Result<()> {
        let path = join(folder, TREE_LOCK);
        if Found::at(&path)?.is_none_or(|found| found.text != self.line) {
            return Ok(());
        }
        match leftover {
            Some(leftover) if !is_finished => self.rename_over(folder, TREE_LOCK, leftover),
            _ => Folder::new(folder, 1).unlink(TREE_LOCK, &self.steps),
        }
    }

    /// Whether a lock belongs to nobody any more.
    pub(super) fn is_dead(&self, folder: &[u8], name: &[u8], runs: &Runs) -> bool {
        let path = join(folder, name);
        let clock = || self.clock(folder);
        let found = Found::at(&path).ok().flatten();
        found.is_some_and(|found| !found.is_held(&path, &self.judge(runs, &clock)))
    }

    fn judge<'a>(&'a self, runs: &'a Runs, clock: &'a dyn Fn() -> Option<i128>) -> Judge<'a> {
        Judge {
            runs,
            boot: &self.boot,
            clock,
        }
    }

    /// Whether somebody is at work under a lock that is only looked at, and when it was renewed.
    pub(super) fn is_at_work(
        &self,
        folder: &[u8],
        lock: &[u8],
        found: &Found,
        runs: &Runs,
    ) -> bool {
        let clock = || self.clock(folder);
        found.is_at_work(&join(folder, lock), &self.judge(runs, &clock))
    }

    /// Told by a file that is made there. None where none can be made: nobody's lease is over then.
    fn clock(&self, folder: &[u8]) -> Option<i128> {
        let mut at = Folder::new(folder, 1);
        let scratch = scratch_name(&self.run.id, 0);
        at.create(&scratch, b"", None, &self.steps).ok()?;
        let status = at.status(&scratch);
        let _ = at.unlink(&scratch, &self.steps);
        Some(status.ok()??.modified_ns)
    }
}

/// Gives a lock the time of now, by the clock of its file system: the same bytes once more. False where it is another's or gone.
pub(super) fn renew(path: &[u8], line: &[u8]) -> io::Result<bool> {
    let opened = with_path(path, |path| {
        OpenOptions::new().read(true).write(true).open(path)
    });
    let mut file = match opened {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    if text != line {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(line)?;
    Ok(true)
}

pub(super) fn locked(path: &[u8], line: Option<&Line>, modified_ns: Option<i128>) -> Fault {
    let (pid, host) = line.map_or(("?", "?"), |line| (&line.pid, &line.host));
    let since = iso(modified_ns.unwrap_or_else(super::state::now_ns)).unwrap_or_default();
    // To the second.
    let since = since.split('.').next().unwrap_or_default();
    Fault::new(ErrorCode::Locked)
        .with("pid", pid)
        .with("host", host)
        .with("since", format!("{since}Z"))
        .with("lock", String::from_utf8_lossy(path))
}

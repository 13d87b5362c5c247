//! The locks of the folders that a run changes something in: `spec/sidecar/locks.md`, "Folders". Two runs are never at work in one
//! folder, by whatever path each of them came there. packages/sidecar/src/store/folder-locks.ts is the twin.

use super::lock::{Attempt, GUARD, Locker, PAUSE, locked, renew};
use super::lock_file::{Found, Line};
use super::request::ConvertRequest;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tandem_common::durable::{Lease, Renewal, Runs, Steps, TREE_LOCK, code_of};
use tandem_common::limits::SAVE_WAIT_MS;
use tandem_common::path::{join, split, to_bytes, with_path};
use tandem_common::{ErrorCode, Fault};

const WAIT: Duration = Duration::from_millis(SAVE_WAIT_MS as u64);

pub(super) struct FolderLocks {
    root: Vec<u8>,
    pub locker: Locker,
    /// What an interrupted convert left in a folder is done when the run has come through it.
    finishes: bool,
    held: Arc<Held>,
    lease: Lease,
    entering: Mutex<Entering>,
}

type Held = Mutex<HashMap<Vec<u8>, Taken>>;

#[derive(Default)]
struct Entering {
    /// By folder.
    refused: HashMap<Vec<u8>, Fault>,
    /// Runs that were waited for in vain.
    stayed: HashSet<Vec<u8>>,
}

/// A lock that this run has.
#[derive(Clone, Default)]
struct Taken {
    /// The text of the lock that was taken over, where that was an interrupted convert's.
    leftover: Option<Vec<u8>>,
    /// Names of locks of saves that were there after it was taken.
    saves: HashSet<Vec<u8>>,
}

impl FolderLocks {
    pub(super) fn new(request: &ConvertRequest) -> Self {
        let held: Arc<Held> = Arc::default();
        let (renewed, line) = (Arc::clone(&held), request.lock_line.clone());
        let lease = Lease::new(Box::new(move || renew_all(&renewed, &line)));
        let own = Line::parse(&request.lock_line);
        Self {
            root: request.root.clone(),
            locker: Locker {
                run: request.run.clone(),
                line: request.lock_line.clone(),
                boot: own.map(Line::boot).unwrap_or_default(),
                steps: request.steps.guarded_by(lease.guard()),
            },
            finishes: !request.keep && request.operation.is_empty(),
            held,
            lease,
            entering: Mutex::default(),
        }
    }

    /// The steps for what is changed in these folders: none is made any more once a lock was lost.
    pub(super) fn steps(&self) -> &Steps {
        &self.locker.steps
    }

    pub(super) fn is_lost(&self) -> bool {
        self.lease.is_lost()
    }

    /// Whether the run has it, so that what it learnt of the folder since then still holds.
    pub(super) fn has(&self, folder: &[u8]) -> bool {
        folder == self.root || lock(&self.held).contains_key(folder)
    }

    /// Whether there were locks of saves when the folder was locked; None where it is not.
    pub(super) fn saw_saves(&self, folder: &[u8]) -> Option<bool> {
        let held = lock(&self.held);
        held.get(folder).map(|taken| !taken.saves.is_empty())
    }

    /// Whether the lock of a save was there when the folder was locked; None where it is not.
    pub(super) fn saw_save(&self, folder: &[u8], name: &[u8]) -> Option<bool> {
        let held = lock(&self.held);
        held.get(folder).map(|taken| taken.saves.contains(name))
    }

    /// Takes the lock of a folder, which may be held already; gives what is wrong where somebody else is at work there or in a folder
    /// above it, below the root.
    pub(super) fn enter(&self, folder: &[u8], runs: &Runs) -> Option<Fault> {
        let mut entering = lock(&self.entering);
        if self.has(folder) {
            return None;
        }
        let mut above = split(folder).0;
        while above.len() > self.root.len() {
            if let Some(fault) = entering.refused.get(above) {
                return Some(fault.clone());
            }
            let refused = patiently(above, &mut entering, || self.is_free(above, runs));
            if refused.is_some() {
                return refused;
            }
            above = split(above).0;
        }
        patiently(folder, &mut entering, || self.take_folder(folder, runs))
    }

    /// As `enter`, for what can as well be left undone: nobody is waited for.
    pub(super) fn try_to_enter(&self, folder: &[u8], runs: &Runs) -> io::Result<bool> {
        let _entering = lock(&self.entering);
        if self.has(folder) {
            return Ok(true);
        }
        let mut above = split(folder).0;
        while above.len() > self.root.len() {
            if !self.is_free(above, runs)? {
                return Ok(false);
            }
            above = split(above).0;
        }
        self.take_folder(folder, runs)
    }

    fn take_folder(&self, folder: &[u8], runs: &Runs) -> io::Result<bool> {
        match self.locker.take(folder, TREE_LOCK, runs)? {
            Attempt::Held => Ok(false),
            Attempt::Taken { leftover } => {
                let saves = saves_in(folder);
                let taken = Taken { leftover, saves };
                lock(&self.held).insert(folder.to_vec(), taken);
                Ok(true)
            }
        }
    }

    /// Lets go of all folders but some: the run has come through them.
    pub(super) fn leave(&self, kept: impl Fn(&[u8]) -> bool, is_through: bool) {
        lock(&self.entering).refused.clear();
        let mut left = Vec::new();
        lock(&self.held).retain(|folder, taken| {
            let stays = kept(folder);
            if !stays {
                left.push((folder.clone(), std::mem::take(taken)));
            }
            stays
        });
        for (folder, taken) in left {
            let is_finished = is_through && self.finishes;
            let released = self
                .locker
                .release(&folder, taken.leftover.as_deref(), is_finished);
            // Tried again at the end; what stays behind then is dead when this process is.
            if released.is_err_and(|error| code_of(&error) != ErrorCode::NotFound) {
                lock(&self.held).insert(folder, taken);
            }
        }
    }

    /// Whether nobody else has a folder that is not entered itself.
    fn is_free(&self, folder: &[u8], runs: &Runs) -> io::Result<bool> {
        if self.has(folder) {
            return Ok(true);
        }
        let path = join(folder, TREE_LOCK);
        let Some(found) = Found::at(&path)? else {
            return Ok(true);
        };
        let is_own = found
            .line
            .as_ref()
            .is_some_and(|line| line.run == self.locker.run);
        Ok(is_own || !self.locker.is_at_work(folder, TREE_LOCK, &found, runs))
    }
}

/// Waits a moment for others: a run that finds ours above its own lets go at once. One that stayed once is not waited for again.
fn patiently(
    folder: &[u8],
    entering: &mut Entering,
    mut attempt: impl FnMut() -> io::Result<bool>,
) -> Option<Fault> {
    let path = join(folder, TREE_LOCK);
    let began = Instant::now();
    loop {
        match attempt() {
            Ok(true) => return None,
            Err(error) => return Some(Fault::new(code_of(&error))),
            Ok(false) => {}
        }
        let found = Found::at(&path).ok().flatten();
        let line = found.as_ref().and_then(|found| found.line.as_ref());
        let run = line.map_or(Vec::new(), |line| line.run.id.clone());
        if entering.stayed.contains(&run) || began.elapsed() >= WAIT {
            entering.stayed.insert(run);
            let fault = locked(&path, line, found.as_ref().map(|found| found.modified_ns));
            entering.refused.insert(folder.to_vec(), fault.clone());
            return Some(fault);
        }
        sleep(PAUSE);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn saves_in(folder: &[u8]) -> HashSet<Vec<u8>> {
    let listed: &[u8] = if folder.is_empty() { b"." } else { folder };
    let Ok(entries) = with_path(listed, |path| fs::read_dir(path)) else {
        return HashSet::new();
    };
    entries
        .filter_map(|entry| Some(to_bytes(entry.ok()?.file_name().as_ref()).to_vec()))
        .filter(|name| name.starts_with(GUARD))
        .collect()
}

fn renew_all(held: &Held, line: &[u8]) -> Renewal {
    let folders: Vec<Vec<u8>> = lock(held).keys().cloned().collect();
    let mut worst = Renewal::Renewed;
    for folder in folders {
        match renew(&join(&folder, TREE_LOCK), line) {
            Ok(true) => {}
            // It may have been let go of meanwhile.
            Ok(false) if !lock(held).contains_key(&folder) => {}
            Ok(false) => return Renewal::Lost,
            Err(_) => worst = Renewal::Failed,
        }
    }
    worst
}

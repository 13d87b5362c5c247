//! Saves that are at work on a file: `spec/sidecar/convert.md`, "Saves".

use super::lock::locked;
use super::lock_file::{Found, Line, modified_of};
use super::plan::File;
use super::shared::Shared;
use super::state::now_ns;
use sha2::{Digest, Sha256};
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};
use tandem_common::Fault;
use tandem_common::limits::SAVE_WAIT_MS;
use tandem_common::path::{join, with_path};

const LOCK: &[u8] = b".tandem-lock-";
/// Bytes that a name may have everywhere.
const LONGEST_NAME: usize = 255;
const WAIT: Duration = Duration::from_millis(SAVE_WAIT_MS as u64);
/// A save is done within milliseconds.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Waits for saves that were at work on a file or on its target before this run was. What is wrong where one stays.
pub(super) fn outwait(file: &File<'_>, shared: &Shared) -> Option<Fault> {
    let (folder, path) = (&file.part.index.folder, &file.part.path);
    // Whoever takes such a lock after the folder was locked waits for us; until then what the walk has seen is enough.
    let may_be = shared.locks.saw_saves(path);
    if !may_be.unwrap_or_else(|| folder.has_scratch()) {
        return None;
    }
    let is_there = |lock: &Vec<u8>| {
        let seen = shared.locks.saw_save(path, lock);
        seen.unwrap_or_else(|| folder.lists_scratch(lock))
    };
    let target = shared.target_name(file.name);
    let is_own = target == file.name;
    [file.name, &target]
        .into_iter()
        .take(if is_own { 1 } else { 2 })
        .map(lock_name)
        .filter(is_there)
        .find_map(|lock| outwait_lock(&lock, file, shared))
}

fn outwait_lock(lock: &[u8], file: &File<'_>, shared: &Shared) -> Option<Fault> {
    let began = Instant::now();
    let mut first: Option<Line> = None;
    loop {
        let now = holder_of(lock, file, shared)?;
        match (&first, &now.line) {
            // Another save, and one that has begun later.
            (Some(first), Some(line)) if first.run != line.run => return None,
            (None, Some(_)) => first.clone_from(&now.line),
            _ => {}
        }
        let is_old = now_ns() - now.modified_ns >= i128::from(SAVE_WAIT_MS as u64) * 1_000_000;
        if is_old || began.elapsed() >= WAIT {
            let path = join(&file.part.path, lock);
            return Some(locked(&path, now.line.as_ref(), Some(now.modified_ns)));
        }
        sleep(LOOK_AGAIN);
    }
}

/// None where nobody is at work under a lock: what is dead, or no lock of ours, holds nothing up.
fn holder_of(lock: &[u8], file: &File<'_>, shared: &Shared) -> Option<Found> {
    let folder = &file.part.path;
    let path = join(folder, lock);
    let metadata = with_path(&path, |path| fs::symlink_metadata(path)).ok()?;
    if !metadata.is_file() {
        return None;
    }
    // Nobody can say that one that cannot be read is dead.
    let found = Found::at(&path).unwrap_or_else(|_| {
        Some(Found {
            text: Vec::new(),
            line: None,
            modified_ns: modified_of(&metadata),
        })
    })?;
    let is_held = shared
        .locks
        .locker
        .is_at_work(folder, lock, &found, &shared.runs);
    is_held.then_some(found)
}

/// The name of the lock of one sidecar: `spec/sidecar/save.md`, "Steps".
fn lock_name(sidecar: &[u8]) -> Vec<u8> {
    let name = [LOCK, sidecar].concat();
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let mut hashed = LOCK.to_vec();
    for byte in Sha256::digest(&name) {
        hashed.extend_from_slice(format!("{byte:02x}").as_bytes());
    }
    hashed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_of_a_long_name_is_its_digest() {
        assert_eq!(lock_name(b"a.json"), b".tandem-lock-a.json");
        assert_eq!(lock_name(&[b'x'; 242]).len(), 255);
        assert_eq!(lock_name(&[b'x'; 243]).len(), LOCK.len() + 64);
    }
}

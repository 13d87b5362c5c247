//! What runs that are no more left in a folder. What was placed from staged files has other names, and they are nothing by themselves.

use super::lock::is_guard_name;
use super::shared::Shared;
use std::fs;
use tandem_common::durable::{Folder, Run, RunLife, TREE_LOCK, run_of_scratch};
use tandem_common::path::{to_bytes, with_path};

const JOURNAL: &[u8] = b".tandem-journal-";

/// Never those of this run: they are at work.
pub(super) fn sweep(path: &[u8], shared: &Shared) {
    let names = scratch_in(path);
    // One that nobody holds says that a run was killed here: it is taken over, and let go of when this run has come through.
    if names.iter().any(|name| name == TREE_LOCK) {
        is_ours(path, shared);
    }
    let mut folder = Folder::new(path, names.len());
    for name in names.iter().filter(|name| is_left_over(name, path, shared)) {
        let _ = folder.unlink(name, &shared.steps);
    }
}

fn scratch_in(path: &[u8]) -> Vec<Vec<u8>> {
    let listed: &[u8] = if path.is_empty() { b"." } else { path };
    let Ok(entries) = with_path(listed, |path| fs::read_dir(path)) else {
        // Whoever reads the folder's files will be told what is wrong.
        return Vec::new();
    };
    entries
        .filter_map(|entry| Some(to_bytes(entry.ok()?.file_name().as_ref()).to_vec()))
        .filter(|name| name.starts_with(b".tandem-"))
        .collect()
}

fn is_left_over(name: &[u8], folder: &[u8], shared: &Shared) -> bool {
    // What a taker that was killed left: under the lock that it guarded it has no meaning any more.
    if is_guard_name(name) {
        return is_ours(folder, shared) && shared.locks.locker.is_dead(folder, name, &shared.runs);
    }
    let journal = name.strip_prefix(JOURNAL).and_then(Run::parse);
    let is_journal = journal.is_some();
    let Some(run) = journal.or_else(|| run_of_scratch(name)) else {
        return false;
    };
    match shared.runs.life(&run) {
        RunLife::Dead => true,
        RunLife::Alive => false,
        // Whoever has staged files in a folder has its lock too; those numbered 0 are locks and saves to be.
        RunLife::Unknown => (is_journal || !name.ends_with(b"-0")) && is_ours(folder, shared),
    }
}

fn is_ours(folder: &[u8], shared: &Shared) -> bool {
    let entered = shared.locks.try_to_enter(folder, &shared.runs);
    entered.unwrap_or(false)
}

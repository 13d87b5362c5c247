//! Staged files of runs that are no more: what was placed from them has other names, and they are nothing by themselves.

use super::shared::Shared;
use std::fs;
use tandem_common::durable::{Folder, run_of_scratch};
use tandem_common::path::{to_bytes, with_path};

/// Never those of this run: they are at work.
pub(super) fn sweep(path: &[u8], shared: &Shared) {
    let listed: &[u8] = if path.is_empty() { b"." } else { path };
    let Ok(entries) = with_path(listed, |path| fs::read_dir(path)) else {
        // Whoever reads the folder's files will be told what is wrong.
        return;
    };
    let names: Vec<Vec<u8>> = entries
        .filter_map(|entry| Some(to_bytes(entry.ok()?.file_name().as_ref()).to_vec()))
        .filter(|name| run_of_scratch(name).is_some_and(|run| shared.runs.is_dead(&run)))
        .collect();
    let mut folder = Folder::new(path, names.len());
    for name in names {
        let _ = folder.unlink(&name, &shared.steps);
    }
}

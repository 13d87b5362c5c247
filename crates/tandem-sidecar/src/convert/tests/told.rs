//! What a run with steps in the hands of a test says, and what it leaves.

use super::*;
use std::path::Path;
use tandem_common::durable::What;

/// How a staged file gets its name on this system, and what makes its bytes durable.
pub(super) const NAMING: What = if cfg!(target_os = "linux") {
    What::Place
} else {
    What::Link
};
pub(super) const SYNCING: What = if cfg!(target_os = "linux") {
    What::SyncSystem
} else {
    What::Sync
};

/// Of a process that is no more, as the next run finds it.
const DEAD: &str = "host-s01234567-4194305-7-r01234567";

/// A run with these steps under way, whose rows are `(name, status, error code)`.
pub(super) fn told(tree: &Tree, steps: Steps, workers: usize) -> Vec<(String, String, String)> {
    let (rows, panic) = run(ConvertRequest {
        workers,
        steps,
        ..request_of(tree, DEAD)
    });
    assert_eq!(panic, None);
    let told = rows.iter().map(|row| {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let text = |key: &str| row[key].as_str().unwrap_or("").to_owned();
        let path = text("file_path");
        let name = &path[tree.root().len() + 1..];
        let code = text("error_code").replace("ERR_TANDEM_", "");
        (name.to_owned(), text("status"), code)
    });
    told.collect()
}

pub(super) fn told_as(name: &str, status: &str, code: &str) -> (String, String, String) {
    (name.into(), status.into(), code.into())
}

/// Every file of a tree, sorted, but for the journal.
pub(super) fn names(tree: &Tree) -> Vec<String> {
    fn walk(path: &Path, below: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(path).unwrap().map(Result::unwrap) {
            let name = format!("{below}{}", entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else if !name.starts_with(".tandem-journal-") {
                found.push(name);
            }
        }
    }
    let mut found = Vec::new();
    walk(tree.path(), "", &mut found);
    found.sort();
    found
}

/// A document in the older tool's form, as which it may be its own target.
pub(super) fn legacy(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

//! File systems that cannot be synced as a whole, folders that cannot be synced, and syncs that fail.

use super::faults::{is_of_lock, refuse};
use super::told::{names, told, told_as};
use super::*;
use std::sync::{Arc, Mutex};
use tandem_common::durable::What;
use tandem_common::testing::watched;

const EIO: i32 = 5;
const ENOSYS: i32 = 38;

fn planted() -> Tree {
    let tree = Tree::new();
    for name in ["a.json", "b.json", "s/c.json", "s/d.json"] {
        tree.file(name, FACE);
    }
    tree
}

/// As `planted`, converted.
const DONE: [&str; 4] = ["a.bin", "b.bin", "s/c.bin", "s/d.bin"];

fn rows(statuses: [(&str, &str); 4]) -> Vec<(String, String, String)> {
    let names = ["a.json", "b.json", "s/c.json", "s/d.json"];
    let rows = names.iter().zip(statuses);
    rows.map(|(name, (status, code))| told_as(name, status, code))
        .collect()
}

#[test]
fn where_a_file_system_cannot_be_synced_every_file_and_folder_is() {
    let tree = planted();
    let log = Arc::new(Mutex::new(Vec::new()));
    let logging = Arc::clone(&log);
    let steps = watched(move |step| {
        if !is_of_lock(step) {
            logging.lock().unwrap().push((step.what, step.path.clone()));
        }
        refuse(step.what == What::SyncSystem, ENOSYS)
    });
    assert_eq!(told(&tree, steps, 1), rows([("converted", ""); 4]));
    assert_eq!(names(&tree), DONE);
    let log = log.lock().unwrap();
    let of = |what: What| log.iter().filter(move |step| step.0 == what);
    assert_eq!(of(What::Sync).count(), 4);
    let folders: Vec<_> = of(What::SyncFolder).map(|step| step.1.clone()).collect();
    assert_eq!(folders, [tree.root().to_vec(), tree.at("s")]);
    let last = |what| log.iter().rposition(|step| step.0 == what).unwrap();
    let first = |what| log.iter().position(|step| step.0 == what).unwrap();
    assert!(last(What::Sync) < first(What::Place), "bytes before names");
    assert!(last(What::Place) < first(What::SyncFolder));
    assert!(
        last(What::SyncFolder) < first(What::Unlink),
        "names before removal"
    );
}

#[test]
fn a_target_that_was_found_is_synced_as_well() {
    let tree = planted();
    run(ConvertRequest {
        keep: true,
        ..request(&tree)
    });
    let synced = Arc::new(Mutex::new(Vec::new()));
    let syncing = Arc::clone(&synced);
    let steps = watched(move |step| {
        if step.what == What::Sync {
            syncing.lock().unwrap().push(step.path.clone());
        }
        refuse(step.what == What::SyncSystem, ENOSYS)
    });
    let mut resumed = told(&tree, steps, 1);
    resumed.retain(|row| row.1 != "skipped");
    assert_eq!(resumed, rows([("converted", ""); 4]));
    assert_eq!(*synced.lock().unwrap(), DONE.map(|name| tree.at(name)));
}

#[test]
fn a_folder_that_says_it_cannot_be_synced_is_no_failure() {
    const SAY_SO: [(&str, i32); 6] = [
        ("EPERM", 1),
        ("EBADF", 9),
        ("EACCES", 13),
        ("EISDIR", 21),
        ("EINVAL", 22),
        ("ENOTSUP", 95),
    ];
    for (name, errno) in SAY_SO {
        let tree = planted();
        let steps = watched(move |step| {
            refuse(step.what == What::SyncSystem, ENOSYS)?;
            refuse(step.what == What::SyncFolder, errno)
        });
        assert_eq!(
            told(&tree, steps, 2),
            rows([("converted", ""); 4]),
            "{name}"
        );
        assert_eq!(names(&tree), DONE);
    }
}

#[test]
fn a_file_whose_bytes_do_not_reach_the_disk_fails_alone() {
    let tree = planted();
    let staged = Mutex::new(None);
    let below = tree.at("s/");
    let steps = watched(move |step| {
        refuse(step.what == What::SyncSystem, EIO)?;
        // The first one of the folder; which number it has is its own affair.
        let is_one = step.what == What::Sync && step.path.starts_with(&below);
        let mut staged = staged.lock().unwrap();
        let fails = is_one && *staged.get_or_insert(step.path.clone()) == step.path;
        refuse(fails, EIO)
    });
    let wanted = [
        ("converted", ""),
        ("converted", ""),
        ("failed", "UNWRITABLE"),
        ("converted", ""),
    ];
    assert_eq!(told(&tree, steps, 1), rows(wanted));
    assert_eq!(names(&tree), ["a.bin", "b.bin", "s/c.json", "s/d.bin"]);
}

#[test]
fn a_folder_whose_names_do_not_reach_the_disk_keeps_its_sources() {
    let tree = planted();
    let folder = tree.at("s");
    let steps = watched(move |step| {
        refuse(step.what == What::SyncSystem, EIO)?;
        refuse(step.what == What::SyncFolder && step.path == folder, EIO)
    });
    let wanted = [
        ("converted", ""),
        ("converted", ""),
        ("failed", "UNWRITABLE"),
        ("failed", "UNWRITABLE"),
    ];
    assert_eq!(told(&tree, steps, 2), rows(wanted));
    assert_eq!(names(&tree), ["a.bin", "b.bin", "s/c.json", "s/d.json"]);
}

#[test]
fn a_sync_of_all_that_fails_once_fails_no_file_whose_own_sync_does_not() {
    for nth in [0, 1] {
        let tree = planted();
        let count = Mutex::new(0);
        let steps = watched(move |step| {
            let mut count = count.lock().unwrap();
            let now = *count;
            *count += usize::from(step.what == What::SyncSystem);
            refuse(step.what == What::SyncSystem && now == nth, EIO)
        });
        assert_eq!(told(&tree, steps, 2), rows([("converted", ""); 4]));
        assert_eq!(names(&tree), DONE);
    }
}

#[test]
fn a_target_whose_source_somebody_has_removed_is_left_by_a_failure() {
    let tree = Tree::new();
    tree.file("a.json", FACE);
    let source = tree.path().join("a.json");
    let steps = watched(move |step| {
        if step.what == What::SyncFolder {
            fs::remove_file(&source).unwrap();
            return refuse(true, EIO);
        }
        refuse(step.what == What::SyncSystem, ENOSYS)
    });
    assert_eq!(
        told(&tree, steps, 1),
        [told_as("a.json", "failed", "UNWRITABLE")]
    );
    assert_eq!(names(&tree), ["a.bin"], "it may be the last copy");
}

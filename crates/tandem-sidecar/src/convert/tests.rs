#![allow(clippy::unwrap_used)]

#[cfg(unix)]
mod claims;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod sources;
#[cfg(target_os = "linux")]
mod syncs;
#[cfg(unix)]
mod told;

use super::*;
use crate::formats::Extension;
use std::fs;
use tandem_common::durable::{Run as RunId, Steps};
use tandem_common::testing::Tree;

const FACE: &str = r#"{"face_detection": [1, 2]}"#;

fn request(tree: &Tree) -> ConvertRequest {
    let id = format!("host-s01234567-{}-0-r0123abcd", std::process::id());
    request_of(tree, &id)
}

fn request_of(tree: &Tree, id: &str) -> ConvertRequest {
    ConvertRequest {
        root: tree.root().to_vec(),
        operation: String::new(),
        to: Extension::Bin,
        legacy_layout: false,
        keep: false,
        dry_run: false,
        volatile: false,
        separator: "\n".into(),
        max_size: 1 << 30,
        max_depth: 64,
        workers: 2,
        run: RunId::parse(id.as_bytes()).unwrap(),
        lock_line: format!(
            r#"{{"tandem":"lock","version":1,"host":"host","boot":"b","pid":1,"run":"{id}"}}"#
        )
        .into_bytes(),
        journal: tree.at(".tandem-journal-x"),
        fail_at_batch: None,
        steps: Steps::default(),
    }
}

/// All rows, and the words of the panic that ended the run.
fn run(request: ConvertRequest) -> (Vec<String>, Option<String>) {
    let mut convert = start(request).unwrap();
    let (mut rows, mut panic) = (Vec::new(), None);
    while let Some(handed) = convert.next_done() {
        match handed {
            Ok(batch) => {
                let text = String::from_utf8(batch.unwrap().rows).unwrap();
                rows.extend(text.lines().map(str::to_owned));
            }
            Err(words) => panic = Some(words.0),
        }
    }
    (rows, panic)
}

fn count(tree: &Tree, end: &str) -> usize {
    let entries = fs::read_dir(tree.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(end)).count()
}

fn tree_of(files: usize) -> Tree {
    let tree = Tree::new();
    for n in 0..files {
        tree.file(format!("{n:05}.json"), FACE);
    }
    tree
}

#[test]
fn sources_become_targets_and_nothing_else_is_left() {
    let tree = tree_of(3);
    let (rows, panic) = run(request(&tree));
    assert_eq!((rows.len(), panic), (3, None));
    assert!(
        rows.iter()
            .all(|row| row.contains(r#""status":"converted""#))
    );
    let left = [count(&tree, ".json"), count(&tree, ".bin")];
    assert_eq!(left, [0, 3]);
    let journal = fs::read_to_string(tree.path().join(".tandem-journal-x")).unwrap();
    assert!(journal.starts_with(r#"{"batch":0,"cursor":""#) && journal.ends_with("]}\n"));
    assert_eq!(fs::read_dir(tree.path()).unwrap().count(), 4);
}

#[test]
fn a_dry_run_touches_nothing() {
    let tree = tree_of(3);
    tree.file(".tandem-host-s01234567-4194305-7-r00000000-1", "left");
    let (rows, _) = run(ConvertRequest {
        dry_run: true,
        journal: Vec::new(),
        ..request(&tree)
    });
    assert!(
        rows.iter()
            .all(|row| row.contains(r#""status":"would_convert""#))
    );
    assert_eq!(fs::read_dir(tree.path()).unwrap().count(), 4);
}

#[test]
fn a_panic_lets_the_batches_before_it_through_and_takes_back_the_rest() {
    for fail_at in [0, 2, 9] {
        let tree = tree_of(5200);
        let (rows, panic) = run(ConvertRequest {
            fail_at_batch: Some(fail_at),
            ..request(&tree)
        });
        // The root weighs 1 in the first batch.
        let done = (usize::try_from(fail_at).unwrap() * 512).saturating_sub(1);
        assert_eq!(rows.len(), done);
        assert!(panic.unwrap().contains("test instrument"));
        assert_eq!(
            [count(&tree, ".bin"), count(&tree, ".json")],
            [done, 5200 - done]
        );
        // Nothing staged is left behind.
        assert_eq!(count(&tree, "-x"), usize::from(fail_at > 0));
        assert_eq!(
            fs::read_dir(tree.path()).unwrap().count(),
            5200 + usize::from(fail_at > 0)
        );
    }
}

#[test]
fn what_is_begun_when_a_run_is_cancelled_is_finished() {
    let tree = tree_of(12_000);
    let mut convert = start(request(&tree)).unwrap();
    let canceller = convert.canceller();
    let mut rows = 0;
    while let Some(handed) = convert.next_done() {
        rows += handed.unwrap().unwrap().items;
        canceller.set();
    }
    let rows = usize::try_from(rows).unwrap();
    assert!(rows > 0 && rows <= 12_000);
    assert_eq!(
        [count(&tree, ".bin"), count(&tree, ".json")],
        [rows, 12_000 - rows]
    );
    assert_eq!(fs::read_dir(tree.path()).unwrap().count(), 12_001);
}

#[cfg(target_os = "linux")]
#[test]
fn a_target_has_the_permissions_of_its_source() {
    use std::os::unix::fs::PermissionsExt;
    let tree = tree_of(2);
    let source = tree.path().join("00000.json");
    fs::set_permissions(&source, fs::Permissions::from_mode(0o640)).unwrap();
    run(request(&tree));
    let made = fs::metadata(tree.path().join("00000.bin")).unwrap();
    assert_eq!(made.permissions().mode() & 0o7777, 0o640);
}

#[test]
fn scratch_of_the_dead_is_swept_and_that_of_others_is_not() {
    let tree = tree_of(1);
    tree.file(".tandem-host-s01234567-4194305-7-r00000000-1", "left");
    tree.file(".tandem-host-s0-4194305-7-r00000000-0", "theirs");
    run(request(&tree));
    assert!(
        !tree
            .path()
            .join(".tandem-host-s01234567-4194305-7-r00000000-1")
            .exists()
    );
    assert!(
        tree.path()
            .join(".tandem-host-s0-4194305-7-r00000000-0")
            .exists()
    );
}

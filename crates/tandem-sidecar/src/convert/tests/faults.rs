//! A disk that refuses: what failed has its row say so, its source is there, nothing half made is, and the rest goes on. The twin of
//! "a disk that fails" in packages/sidecar/test/convert-faults.test.ts.

use super::told::{NAMING, legacy, names, told, told_as};
use super::*;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use tandem_common::durable::{Step, What};
use tandem_common::testing::watched;

const ENOSPC: i32 = 28;
const EACCES: i32 = 13;
const EIO: i32 = 5;
const FACE: &str = r#"{"face_detection":[1,2]}"#;

fn planted() -> Tree {
    let tree = Tree::new();
    tree.file("a.json", FACE)
        .file("b/b.json", FACE)
        .file("b/e.bin", legacy(FACE))
        .file("c.bin", legacy(FACE))
        .file("d.json", FACE);
    tree
}

const PLANTED: [&str; 5] = ["a.json", "b/b.json", "b/e.bin", "c.bin", "d.json"];

/// Where the documents are when nothing fails.
const DONE: [&str; 5] = ["a.bin", "b/b.bin", "b/e.bin", "c.bin", "d.bin"];

#[test]
fn what_is_refused_in_one_folder_fails_there_and_nowhere_else() {
    use What::{Create, Mode, Rename, Times, Unlink, Write};
    for refused in [Create, Write, Mode, Times, NAMING, Rename, Unlink] {
        for (errno, code) in [(ENOSPC, "NO_SPACE"), (EACCES, "UNWRITABLE")] {
            let code = match refused {
                Mode | Times if errno == EACCES => "NOT_KEPT",
                _ => code,
            };
            let tree = planted();
            // Else nothing has to be given.
            for name in ["b/b.json", "b/e.bin"] {
                let path = tree.path().join(name);
                fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
            }
            let below = tree.at("b/");
            let steps = watched(move |step| {
                // What tidies up is let through.
                let is_scratch = step.path.windows(8).any(|part| part == b".tandem-");
                let tidies = step.what == Unlink && is_scratch;
                let fails = step.what == refused
                    && step.path.starts_with(&below)
                    && !tidies
                    && !is_of_lock(step);
                refuse(fails, errno)
            });
            let rows = told(&tree, steps, 2);
            let fails = |name: &str| match refused {
                Create | Write | Mode | Times => name.starts_with("b/"),
                Rename => name == "b/e.bin",
                _ => name == "b/b.json",
            };
            let wanted = PLANTED.map(|name| {
                if fails(name) {
                    told_as(name, "failed", code)
                } else {
                    told_as(name, "converted", "")
                }
            });
            assert_eq!(sorted(rows), wanted, "{refused:?}");
            // The target of a source that cannot be removed cannot be removed either.
            if refused != Unlink {
                assert_eq!(names(&tree), PLANTED.map(|name| left(name, fails(name))));
            }
            assert_documents_whole(&tree);
        }
    }
}

#[test]
fn a_disk_that_refuses_one_step_or_all_from_there_on_loses_nothing() {
    for (from_there_on, errno) in [(false, ENOSPC), (true, EIO)] {
        for (nth, workers) in (0..).zip([1, 2].into_iter().cycle()) {
            let tree = planted();
            let count = Arc::new(AtomicUsize::new(0));
            let counting = Arc::clone(&count);
            let steps = watched(move |_| {
                let now = counting.fetch_add(1, Ordering::Relaxed);
                refuse(now == nth || from_there_on && now > nth, errno)
            });
            let rows = told(&tree, steps, workers);
            assert_eq!(rows.len(), PLANTED.len());
            for (name, status, _) in rows {
                let is_own_target = matches!(name.as_str(), "b/e.bin" | "c.bin");
                let is_there = tree.path().join(&name).exists();
                // A row never says that a source is replaced which is not, nor the other way round.
                let is_kept = is_own_target || status == "failed";
                assert_eq!(is_there, is_kept, "{name} {status}");
            }
            assert_documents_whole(&tree);
            // Only what could not be removed is left (a link's second name), and a run without faults ends as ever.
            let is_scratch = |name: &String| name.contains(".tandem-");
            let scratch = names(&tree).into_iter().filter(is_scratch).count();
            assert!(from_there_on || scratch <= 1);
            run(ConvertRequest {
                volatile: true,
                ..request(&tree)
            });
            let documents = names(&tree).into_iter().filter(|name| !is_scratch(name));
            assert!(documents.eq(DONE));
            if count.load(Ordering::Relaxed) <= nth {
                assert!(nth > 20, "all steps were refused once");
                break;
            }
        }
    }
}

/// Of the lock of a folder, which is written under a scratch name too.
pub(super) fn is_of_lock(step: &Step) -> bool {
    let is_lock = |path: &[u8]| path.ends_with(b".tandem-lock");
    is_lock(&step.path) || is_lock(&step.to) || step.path.ends_with(b"-0")
}

pub(super) fn refuse(fails: bool, errno: i32) -> io::Result<()> {
    if fails {
        Err(io::Error::from_raw_os_error(errno))
    } else {
        Ok(())
    }
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort();
    items
}

fn left(name: &str, failed: bool) -> String {
    if failed {
        name.to_owned()
    } else {
        name.replace(".json", ".bin")
    }
}

/// The bytes of what was converted are those of a run that nothing was refused; what was not is as it was.
fn assert_documents_whole(tree: &Tree) {
    static DONE_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let whole = planted();
        run(request(&whole));
        fs::read(whole.path().join("a.bin")).unwrap()
    });
    for (before, after) in PLANTED.iter().zip(DONE) {
        let read = |name: &str| fs::read(tree.path().join(name)).ok();
        let untouched = if *before == after {
            legacy(FACE)
        } else {
            FACE.into()
        };
        let target = read(after);
        let is_done = target.as_ref() == Some(&*DONE_BYTES);
        assert!(
            is_done || read(before) == Some(untouched),
            "{before} is whole"
        );
        assert!(
            is_done || target.is_none() || *before == after,
            "{after} is nothing half made"
        );
    }
}

/// An attribute that the system does not give to the new file.
#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_attributes_cannot_be_kept_is_left_alone() {
    for (errno, code) in [(EACCES, "NOT_KEPT"), (ENOSPC, "NO_SPACE")] {
        let tree = planted();
        if !tree.set_attribute("b/b.json", c"user.note", b"hello") {
            return; // A file system without attributes has nothing to be kept.
        }
        let steps = watched(move |step| refuse(step.what == What::Attributes, errno));
        let rows = sorted(told(&tree, steps, 2));
        let wanted = PLANTED.map(|name| match name {
            "b/b.json" => told_as(name, "failed", code),
            _ => told_as(name, "converted", ""),
        });
        assert_eq!(rows, wanted);
        let left = ["a.bin", "b/b.json", "b/e.bin", "c.bin", "d.bin"];
        assert_eq!(names(&tree), left);
        let note = tree.attribute("b/b.json", c"user.note");
        assert_eq!(note.as_deref(), Some(&b"hello"[..]));
    }
}

//! Sources that somebody changes or takes away while they are under way. The twin of "sources" in
//! packages/sidecar/test/convert-faults.test.ts.

use super::told::{NAMING, SYNCING, legacy, names, told, told_as};
use super::*;
use std::sync::atomic::{AtomicBool, Ordering};
use tandem_common::durable::What;
use tandem_common::testing::watched;

const LATER: &str = r#"{"face_detection":[9],"later":true}"#;

/// Steps that do something of ours before the first one of a kind.
fn meddling(what: What, meddle: impl Fn() + Send + Sync + 'static) -> Steps {
    let done = AtomicBool::new(false);
    watched(move |step| {
        if step.what == what && !done.swap(true, Ordering::Relaxed) {
            meddle();
        }
        Ok(())
    })
}

#[test]
fn a_source_that_changes_stays_and_no_target_is_left() {
    // Before it is placed; and after its proof, when the first thing that is done is to open the journal.
    for what in [What::Create, SYNCING, What::Append] {
        let tree = Tree::new();
        tree.file("a.json", FACE);
        let source = tree.path().join("a.json");
        let steps = meddling(what, move || fs::write(&source, LATER).unwrap());
        assert_eq!(
            told(&tree, steps, 1),
            [told_as("a.json", "failed", "CHANGED")]
        );
        assert_eq!(names(&tree), ["a.json"]);
        assert_eq!(
            fs::read_to_string(tree.path().join("a.json")).unwrap(),
            LATER
        );
    }
}

#[test]
fn a_source_stays_where_its_target_is_not_what_was_proved() {
    let gone = |target: &std::path::Path| fs::remove_file(target).unwrap();
    let written = |target: &std::path::Path| fs::write(target, LATER).unwrap();
    let replaced = |target: &std::path::Path| {
        let new = target.with_extension("new");
        fs::write(&new, LATER).unwrap();
        fs::rename(new, target).unwrap();
    };
    let meddles: [fn(&std::path::Path); 3] = [gone, written, replaced];
    for (meddle, left) in meddles.into_iter().zip([None, Some(LATER), Some(LATER)]) {
        let tree = Tree::new();
        tree.file("a.json", FACE);
        let target = tree.path().join("a.bin");
        let steps = meddling(What::Append, move || meddle(&target));
        assert_eq!(
            told(&tree, steps, 1),
            [told_as("a.json", "failed", "TARGET_CHANGED")]
        );
        let read = |name: &str| fs::read_to_string(tree.path().join(name)).ok();
        assert_eq!(read("a.json").as_deref(), Some(FACE));
        assert_eq!(read("a.bin").as_deref(), left);
    }
}

#[test]
fn a_target_that_is_another_file_with_the_same_bytes_is_enough() {
    let tree = Tree::new();
    tree.file("a.json", FACE);
    let target = tree.path().join("a.bin");
    let steps = meddling(What::Append, move || {
        let new = target.with_extension("new");
        fs::copy(&target, &new).unwrap();
        fs::rename(new, &target).unwrap();
    });
    assert_eq!(told(&tree, steps, 1), [told_as("a.json", "converted", "")]);
    assert_eq!(names(&tree), ["a.bin"]);
}

#[test]
fn a_row_that_fails_late_is_journaled_again() {
    let tree = Tree::new();
    tree.file("a.json", FACE).file("b.json", FACE);
    let source = tree.path().join("a.json");
    let steps = meddling(What::Append, move || fs::write(&source, LATER).unwrap());
    told(&tree, steps, 1);
    let journal = fs::read_to_string(tree.path().join(".tandem-journal-x")).unwrap();
    let counts: Vec<_> = journal
        .lines()
        .map(|line| line.contains(r#""converted":1,"skipped":{},"failed":1,"#))
        .collect();
    assert_eq!(counts, [false, true]);
}

#[test]
fn a_source_that_changes_before_it_is_replaced_stays() {
    let tree = Tree::new();
    tree.file("a.bin", legacy(r#"{"face_detection":[1]}"#));
    let source = tree.path().join("a.bin");
    let steps = meddling(What::Create, move || fs::write(&source, LATER).unwrap());
    assert_eq!(
        told(&tree, steps, 1),
        [told_as("a.bin", "failed", "CHANGED")]
    );
    assert_eq!(names(&tree), ["a.bin"]);
    assert_eq!(
        fs::read_to_string(tree.path().join("a.bin")).unwrap(),
        LATER
    );
}

#[test]
fn a_change_without_a_new_time_or_size_is_seen() {
    for what in [What::Write, What::Append] {
        let tree = Tree::new();
        tree.file("a.json", FACE);
        let source = tree.path().join("a.json");
        let changed = FACE.replace('2', "3");
        let steps = meddling(what, move || {
            let time = fs::metadata(&source).unwrap().modified().unwrap();
            fs::write(&source, &changed).unwrap();
            let file = fs::File::options().append(true).open(&source).unwrap();
            file.set_modified(time).unwrap();
        });
        assert_eq!(
            told(&tree, steps, 1),
            [told_as("a.json", "failed", "CHANGED")]
        );
        assert_eq!(names(&tree), ["a.json"]);
    }
}

#[test]
fn a_source_that_vanishes_leaves_nothing_of_the_run() {
    let tree = Tree::new();
    tree.file("a.json", FACE).file("b.json", FACE);
    let source = tree.path().join("a.json");
    let steps = meddling(What::Create, move || fs::remove_file(&source).unwrap());
    let rows = [
        told_as("a.json", "failed", "NOT_FOUND"),
        told_as("b.json", "converted", ""),
    ];
    assert_eq!(told(&tree, steps, 1), rows);
    assert_eq!(names(&tree), ["b.bin"]);
}

#[test]
fn a_source_that_somebody_removes_after_its_proof_lives_on_in_its_target() {
    let tree = Tree::new();
    tree.file("a.json", FACE);
    let source = tree.path().join("a.json");
    let steps = meddling(What::Append, move || fs::remove_file(&source).unwrap());
    assert_eq!(told(&tree, steps, 1), [told_as("a.json", "converted", "")]);
    assert_eq!(names(&tree), ["a.bin"]);
}

#[test]
fn a_folder_that_is_moved_away_has_its_files_whole_there() {
    // With two files a folder is reached by its path, with more by its descriptor.
    for files in [2, 5] {
        for what in [SYNCING, What::Append] {
            let tree = Tree::new();
            tree.file("z.json", FACE);
            for n in 0..files {
                tree.file(format!("sub/{n}.json"), FACE);
            }
            let away = Tree::new();
            let (from, to) = (tree.path().join("sub"), away.path().join("sub"));
            let steps = meddling(what, move || fs::rename(&from, &to).unwrap());
            let rows = told(&tree, steps, 1);
            // After the proof it is as if somebody else had removed the sources: their targets have gone with them.
            let gone = match what {
                What::Append => ("converted", ""),
                _ => ("failed", "NOT_FOUND"),
            };
            for (name, status, code) in rows {
                let wanted = match name.as_str() {
                    "z.json" => ("converted", ""),
                    _ => gone,
                };
                assert_eq!((status.as_str(), code.as_str()), wanted, "{name}");
            }
            assert_eq!(names(&tree), ["z.bin"]);
            for n in 0..files {
                let source = away.path().join(format!("sub/{n}.json"));
                assert_eq!(fs::read_to_string(source).unwrap(), FACE);
            }
        }
    }
}

#[test]
fn a_target_with_other_bytes_removes_no_source() {
    let tree = Tree::new();
    tree.file("a.json", FACE);
    let root = tree.path().to_owned();
    // What the disk gave back was not what it was given: the staged file is changed behind the run's back.
    let steps = meddling(NAMING, move || {
        let entries = fs::read_dir(&root).unwrap().map(Result::unwrap);
        let is_staged = |name: &str| name.starts_with(".tandem-host-");
        for entry in entries.filter(|entry| is_staged(entry.file_name().to_str().unwrap())) {
            fs::write(entry.path(), "x").unwrap();
        }
    });
    assert_eq!(
        told(&tree, steps, 1),
        [told_as("a.json", "failed", "PROOF_FAILED")]
    );
    assert_eq!(names(&tree), ["a.json"]);
}

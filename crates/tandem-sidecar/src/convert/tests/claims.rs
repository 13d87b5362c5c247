//! File systems without links and without a rename that replaces nothing: names are claimed.

use super::faults::refuse;
use super::told::{NAMING, names, told, told_as};
use super::*;
use tandem_common::durable::{Step, What};
use tandem_common::testing::watched;

const EPERM: i32 = 1;
const EIO: i32 = 5;
const EACCES: i32 = 13;
const EINVAL: i32 = 22;
const ENOSPC: i32 = 28;

/// What FAT says (of links) and NFS (of the rename): no name can be given but by replacing.
fn without_links(step: &Step) -> std::io::Result<()> {
    refuse(step.what == What::Place, EINVAL)?;
    refuse(step.what == What::Link, EPERM)
}

#[test]
fn names_are_claimed_where_there_is_no_other_way() {
    let tree = tree_of(3);
    let rows = told(&tree, watched(without_links), 2);
    assert!(rows.iter().all(|row| row.1 == "converted"));
    assert_eq!(names(&tree), ["00000.bin", "00001.bin", "00002.bin"]);
}

#[test]
fn links_serve_where_only_the_rename_is_unknown() {
    for errno in [EINVAL, 38, 95] {
        let tree = tree_of(3);
        let steps = watched(move |step| {
            assert!(step.what != What::Rename, "nothing was claimed");
            refuse(step.what == What::Place, errno)
        });
        let rows = told(&tree, steps, 2);
        assert!(rows.iter().all(|row| row.1 == "converted"));
        assert_eq!(names(&tree), ["00000.bin", "00001.bin", "00002.bin"]);
    }
}

#[test]
fn a_link_that_the_user_may_not_make_is_refused_and_no_reason_for_a_claim() {
    let tree = tree_of(1);
    let steps = watched(|step| {
        refuse(step.what == What::Place, EINVAL)?;
        refuse(step.what == What::Link, EACCES)
    });
    let rows = told(&tree, steps, 1);
    assert_eq!(rows, [told_as("00000.json", "failed", "UNWRITABLE")]);
    assert_eq!(names(&tree), ["00000.json"]);
}

#[test]
fn a_name_that_somebody_takes_meanwhile_is_theirs() {
    for taken_at in [NAMING, What::Link, What::Create] {
        let tree = tree_of(1);
        let target = tree.at("00000.bin");
        let steps = watched(move |step| {
            let names_target = step.path == target || step.to == target;
            if step.what == taken_at && names_target {
                fs::write(std::str::from_utf8(&target).unwrap(), "theirs").unwrap();
            }
            // The system looks whether the name is there before it says that it knows no such rename.
            if step.what == taken_at && taken_at != What::Create {
                return Ok(());
            }
            without_links(step)
        });
        let rows = told(&tree, steps, 1);
        assert_eq!(rows, [told_as("00000.json", "failed", "TARGET_EXISTS")]);
        assert_eq!(names(&tree), ["00000.bin", "00000.json"]);
        let theirs = fs::read(tree.path().join("00000.bin")).unwrap();
        assert_eq!(theirs, b"theirs");
    }
}

#[test]
fn a_claim_that_cannot_be_filled_or_replaced_is_removed() {
    for (refused, errno, code) in [
        (What::Create, ENOSPC, "NO_SPACE"),
        (What::Write, ENOSPC, "NO_SPACE"),
        (What::Rename, EIO, "UNWRITABLE"),
    ] {
        let tree = tree_of(2);
        let target = tree.at("00000.bin");
        let steps = watched(move |step| {
            let names_target = step.path == target || step.to == target;
            refuse(step.what == refused && names_target, errno)?;
            without_links(step)
        });
        let rows = [
            told_as("00000.json", "failed", code),
            told_as("00001.json", "converted", ""),
        ];
        assert_eq!(told(&tree, steps, 1), rows);
        assert_eq!(names(&tree), ["00000.json", "00001.bin"], "{refused:?}");
    }
}

#[test]
fn the_claim_of_a_dead_run_is_no_target() {
    for has_links in [true, false] {
        let tree = tree_of(1);
        let claim = r#"{"tandem":"claim","version":1,"run":"host-s01234567-4194305-7-r00000000"}"#;
        tree.file("00000.bin", format!("{claim}\n"));
        let steps = watched(move |step| {
            if has_links {
                Ok(())
            } else {
                without_links(step)
            }
        });
        let rows = told(&tree, steps, 1);
        assert!(rows.contains(&told_as("00000.json", "converted", "")));
        assert_eq!(names(&tree), ["00000.bin"]);
        assert_ne!(fs::read(tree.path().join("00000.bin")).unwrap()[0], b'{');
    }
}

#![allow(clippy::unwrap_used)]

use super::*;
use crate::formats::Extension;
use std::fs;
use tandem_common::ErrorCode;
use tandem_common::testing::Tree;

const FACE: &str = r#"{"face_detection": [1, 2]}"#;
const RUN: &str = "host-s01234567-1-0-r0123abcd";

fn request(folders: Vec<StageFolder>) -> StageRequest {
    StageRequest {
        folders,
        operation: String::new(),
        to: Extension::Bin,
        legacy_layout: false,
        max_size: 1 << 30,
        max_depth: 64,
        run: RUN.into(),
        workers: 2,
    }
}

fn folder(tree: &Tree, name: &str, names: &[&str], first: u64) -> StageFolder {
    StageFolder {
        path: [&tree.at(name)[..], b"/"].concat(),
        names: names.join("/").into_bytes(),
        first,
    }
}

fn code_of(staged: &Staged) -> Option<ErrorCode> {
    match &staged.outcome.status {
        Status::Failed(fault) => Some(fault.code),
        _ => None,
    }
}

#[test]
fn results_stand_in_the_order_of_the_files_whoever_does_them() {
    let tree = Tree::new();
    let names: Vec<String> = (0..200).map(|n| format!("{n}.json")).collect();
    for name in &names {
        let document = format!(r#"{{"face_detection":[{}]}}"#, &name[..name.len() - 5]);
        tree.file(format!("a/{name}"), &document)
            .file(format!("b/{name}"), document);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folders = vec![
        folder(&tree, "a", &names, 1),
        folder(&tree, "b", &names, 201),
    ];
    for workers in [1, 3] {
        let staged = stage(&StageRequest {
            workers,
            ..request(folders.clone())
        });
        assert_eq!(staged.len(), 400);
        for (at, one) in staged.iter().enumerate() {
            let (source, file) = one.file.as_deref().unwrap();
            assert_eq!(file.number, at as u64 + 1);
            assert_eq!(
                (source.size, one.read),
                (one.read, one.outcome.bytes_before.unwrap())
            );
            let path = tree.path().join(["a", "b"][at / 200]);
            let path = path.join(format!(".tandem-{RUN}-{}", file.number));
            let bytes = fs::read(&path).unwrap();
            assert_eq!(bytes.len() as u64, one.outcome.bytes_after.unwrap());
            let document = format!(r#"{{"face_detection":[{}]}}"#, at % 200);
            assert!(
                bytes
                    .windows(document.len())
                    .any(|part| part == document.as_bytes())
            );
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn where_nothing_is_to_be_written_nothing_is() {
    let tree = Tree::new();
    tree.file("a.json", FACE);
    let staged = stage(&request(vec![folder(&tree, "", &["a.json"], 0)]));
    assert!(matches!(staged[0].outcome.status, Status::Converted));
    assert!(staged[0].file.is_none() && staged[0].outcome.bytes_after.is_some());
    assert_eq!(fs::read_dir(tree.path()).unwrap().count(), 1);
}

#[test]
fn each_file_fails_for_itself() {
    let tree = Tree::new();
    tree.file("a.json", FACE)
        .file("b.json", "{")
        .file("c.json", FACE);
    let names = ["a.json", "b.json", "c.json", "gone.json"];
    tree.file(format!(".tandem-{RUN}-7"), "somebody's");
    let staged = stage(&request(vec![folder(&tree, "", &names, 5)]));
    let codes: Vec<_> = staged.iter().map(code_of).collect();
    // The third has no name to be staged under.
    let taken = Some(ErrorCode::Unwritable);
    assert_eq!(codes[..1], [None]);
    assert!(codes[1].is_some());
    assert_eq!(codes[2..], [taken, Some(ErrorCode::NotFound)]);
    assert_eq!(
        fs::read(tree.path().join(format!(".tandem-{RUN}-7"))).unwrap(),
        b"somebody's"
    );
    assert!(tree.path().join(format!(".tandem-{RUN}-5")).exists());
}

#[test]
fn other_operations_are_left_out_and_others_documents_skipped() {
    let tree = Tree::new();
    tree.file("a.json", FACE).file("b.json", r#"{"name":"x"}"#);
    let names = ["a.json", "b.json"];
    let of = |operation: &str| {
        let folders = vec![folder(&tree, "", &names, 1)];
        stage(&StageRequest {
            operation: operation.into(),
            ..request(folders)
        })
    };
    assert!(matches!(
        of("object_detection")[0].outcome.status,
        Status::LeftOut
    ));
    let skipped = &of("")[1];
    assert!(matches!(
        skipped.outcome.status,
        Status::Skipped(Skip::NotASidecar(None))
    ));
    assert!(skipped.file.is_none() && !skipped.outcome.has_target);
}

#[test]
fn a_target_beyond_the_limit_of_what_may_be_read_is_not_made() {
    let tree = Tree::new();
    tree.file("a.json", FACE);
    let folders = vec![folder(&tree, "", &["a.json"], 1)];
    let staged = stage(&StageRequest {
        max_size: FACE.len() as u64,
        ..request(folders)
    });
    assert_eq!(code_of(&staged[0]), Some(ErrorCode::TargetTooLarge));
    assert_eq!(fs::read_dir(tree.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_staged_file_has_the_permissions_and_times_of_its_source() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let tree = Tree::new();
    tree.file("a.json", FACE);
    let source = tree.path().join("a.json");
    fs::set_permissions(&source, fs::Permissions::from_mode(0o640)).unwrap();
    let staged = stage(&request(vec![folder(&tree, "", &["a.json"], 1)]));
    assert!(staged[0].file.is_some());
    let [source, made] = ["a.json", &format!(".tandem-{RUN}-1")]
        .map(|name| fs::metadata(tree.path().join(name)).unwrap());
    assert_eq!(made.permissions().mode(), source.permissions().mode());
    assert_eq!(
        (made.mtime(), made.mtime_nsec()),
        (source.mtime(), source.mtime_nsec())
    );
}

#![allow(clippy::unwrap_used)]

use super::*;
use crate::error_codes;
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
    // The name for staging the third is taken.
    let taken = Some(tandem_common::error_codes::UNWRITABLE);
    assert_eq!(codes[..1], [None]);
    assert!(codes[1].is_some());
    assert_eq!(
        codes[2..],
        [taken, Some(tandem_common::error_codes::NOT_FOUND)]
    );
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
    assert_eq!(code_of(&staged[0]), Some(error_codes::TARGET_TOO_LARGE));
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

/// The result for one file, and the bytes that were staged for it.
fn made(bytes: &[u8], name: &str, to: Extension, legacy_layout: bool) -> (Staged, Vec<u8>) {
    let tree = Tree::new();
    tree.file(name, bytes);
    let folders = vec![folder(&tree, "", &[name], 1)];
    let mut staged = stage(&StageRequest {
        to,
        legacy_layout,
        ..request(folders)
    });
    let scratch = format!(".tandem-{RUN}-1");
    let bytes = fs::read(tree.path().join(scratch)).unwrap_or_default();
    (staged.remove(0), bytes)
}

#[test]
fn a_document_goes_through_all_formats_and_back() {
    const SPELT: &str = "{ \"face_detection\": [1.0, \"\\u0041\"] }\n";
    const WRITTEN: &str = r#"{"face_detection":[1.0,"A"]}"#;
    // Each step: the target format, whether in the older tool's form, and whether the spelling is lost. Then
    // the final text.
    for (steps, text) in [
        (&[("bin", false, false), ("json", false, false)][..], SPELT),
        (&[("rkyv", false, true), ("json", false, false)], WRITTEN),
        (
            &[
                ("rkyv", false, true),
                ("bin", false, false),
                ("json", false, false),
            ],
            WRITTEN,
        ),
        (&[("bin", true, true), ("json", false, false)], WRITTEN),
        (
            &[
                ("bin", true, true),
                ("rkyv", false, false),
                ("rkyv", true, false),
                ("json", false, false),
            ],
            WRITTEN,
        ),
    ] {
        let mut bytes = SPELT.as_bytes().to_vec();
        let mut from = "json";
        let mut format = "json";
        for (to, is_legacy, is_respelled) in steps {
            let extension = Extension::of(to.as_bytes()).unwrap();
            let (staged, new) = made(&bytes, &format!("a.{from}"), extension, *is_legacy);
            let outcome = &staged.outcome;
            assert!(
                matches!(outcome.status, Status::Converted),
                "{steps:?} {outcome:?}"
            );
            assert_eq!(outcome.from.unwrap().name(), format);
            assert_eq!(
                (outcome.respelled, outcome.has_target),
                (*is_respelled, true)
            );
            assert_eq!(staged.read, bytes.len() as u64);
            bytes = new;
            from = to;
            format = if *is_legacy { "legacy" } else { to };
        }
        assert_eq!(String::from_utf8(bytes).unwrap(), text, "{steps:?}");
    }
    // A document already in the written form loses nothing.
    for (to, is_legacy) in [(Extension::Rkyv, false), (Extension::Bin, true)] {
        let (staged, _) = made(WRITTEN.as_bytes(), "a.json", to, is_legacy);
        assert!(staged.file.is_some() && !staged.outcome.respelled);
    }
}

#[test]
fn what_is_skipped_says_why() {
    let labelme = r#"{"version":"5.2.1","flags":{},"shapes":[{"label":"person","points":[[1,2],[3,4]],"shape_type":"rectangle","flags":{}}],"imagePath":"IMG_1.jpg","imageData":null,"imageHeight":3000,"imageWidth":4000}"#;
    let skip = |text: &str, to| {
        let (staged, _) = made(text.as_bytes(), "a.json", to, false);
        assert!(staged.outcome.from.is_some() && staged.outcome.bytes_before.is_some());
        match staged.outcome.status {
            Status::Skipped(skip) => (skip.reason(), skip.kind()),
            _ => ("", None),
        }
    };
    assert_eq!(
        skip(labelme, Extension::Bin),
        ("not_a_sidecar", Some("labelme"))
    );
    assert_eq!(
        skip(r#"{"name":"x"}"#, Extension::Bin),
        ("not_a_sidecar", None)
    );
    assert_eq!(skip(FACE, Extension::Json), ("already", None));
}

#[test]
fn limits_are_those_that_were_given() {
    let (staged, bytes) = made(FACE.as_bytes(), "a.json", Extension::Bin, false);
    assert!(staged.file.is_some());
    let with = |max_size: usize, text: &str| {
        let tree = Tree::new();
        tree.file("a.json", text);
        let folders = vec![folder(&tree, "", &["a.json"], 1)];
        let max_size = max_size as u64;
        let staged = stage(&StageRequest {
            max_size,
            ..request(folders)
        });
        (
            code_of(&staged[0]),
            staged[0].outcome.bytes_before,
            staged[0].read,
        )
    };
    let size = FACE.len() as u64;
    assert_eq!(with(bytes.len(), FACE), (None, Some(size), size));
    let too_large = Some(error_codes::TARGET_TOO_LARGE);
    assert_eq!(with(bytes.len() - 1, FACE), (too_large, Some(size), size));
    let unread = Some(tandem_common::error_codes::TOO_LARGE);
    assert_eq!(with(FACE.len() - 1, FACE), (unread, Some(size), 0));
}

#[test]
fn a_source_is_what_was_read_or_nothing() {
    use tandem_common::file::Facts;
    use tandem_common::new_file::{Access, FileId, Status as FileStatus};
    const SECOND: i128 = 1_000_000_000;
    let read = Facts {
        size: 3,
        device: 1,
        inode: 2,
        modified_ns: 10 * SECOND,
        changed_ns: 0,
    };
    let now = FileStatus {
        id: FileId {
            device: 1,
            inode: 2,
        },
        size: 3,
        modified_ns: 10 * SECOND,
        changed_ns: 0,
        accessed_ns: 0,
        access: Access::default(),
        is_file: true,
    };
    let source = |now: &FileStatus, read_at: i128| SourceFile::of(&read, b"abc", now, read_at);
    let found = source(&now, 100 * SECOND).unwrap();
    assert_eq!(
        (found.id, found.size, found.modified_ns),
        (now.id, 3, 10 * SECOND)
    );
    // Two seconds are longer than a tick of any file system's clock.
    assert!(source(&now, 12 * SECOND).unwrap().digest.is_none());
    assert!(source(&now, 12 * SECOND - 1).unwrap().digest.is_some());
    assert!(source(&now, 5 * SECOND).unwrap().digest.is_some());
    let other = FileId {
        device: 1,
        inode: 3,
    };
    for changed in [
        FileStatus { id: other, ..now },
        FileStatus { size: 4, ..now },
        FileStatus {
            modified_ns: 1,
            ..now
        },
        FileStatus {
            is_file: false,
            ..now
        },
    ] {
        assert!(source(&changed, 100 * SECOND).is_none(), "{changed:?}");
    }
}

#[test]
fn a_file_that_was_just_written_is_told_by_its_bytes_too() {
    let digest = |age: u64| {
        let tree = Tree::new();
        tree.file("a.json", FACE);
        let file = fs::File::options()
            .write(true)
            .open(tree.path().join("a.json"))
            .unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(age))
            .unwrap();
        let staged = stage(&request(vec![folder(&tree, "", &["a.json"], 1)]));
        staged[0].file.as_deref().unwrap().0.digest
    };
    assert!(digest(0).is_some());
    assert!(digest(60).is_none());
}

//! The rows and the totals of each report.

use super::*;
use serde_json::json;

#[test]
fn validate_tells_the_verdict_the_place_and_the_summary() {
    let tree = Tree::new();
    tree.file("a.json", FACE)
        .file("b.json", "{\n  \"é\": 1,\n}")
        .file("c.bin", FACE)
        .file("d.json", "")
        .folder("e.json");
    let (rows, totals) = rows(request(ReportKind::Validate, &tree));
    let good = row_of(&rows, "a.json");
    assert_eq!(good["operation_type"], "FaceDetection");
    assert_eq!(
        (
            &good["detection_count"],
            &good["tool_name"],
            &good["findings"]
        ),
        (&json!(2), &json!("yolo"), &json!([]))
    );
    let bad = row_of(&rows, "b.json");
    assert_eq!(
        (&bad["error_code"], &bad["error_offset"]),
        (&json!("ERR_TANDEM_JSON_SYNTAX"), &json!(13))
    );
    assert_eq!(
        (
            &bad["error_line"],
            &bad["error_column"],
            &bad["detection_count"]
        ),
        (&json!(3), &json!(1), &json!(0))
    );
    assert_eq!(
        row_of(&rows, "c.bin")["findings"],
        json!([{"finding": "extension_mismatch", "offset": 0}])
    );
    assert_eq!(
        row_of(&rows, "d.json")["error_code"],
        "ERR_TANDEM_EMPTY_FILE"
    );
    assert_eq!(
        totals,
        [json!({"items": 4, "valid": 2, "invalid": 2, "unreadable": 0, "skipped": {}})]
    );
}

#[test]
fn a_row_has_its_keys_in_the_order_of_the_spec() {
    let tree = Tree::new();
    tree.file("a.json", "[");
    let batch = batches(request(ReportKind::Validate, &tree)).remove(0);
    let row = String::from_utf8(batch.rows).unwrap();
    let (before, after) = row.split_once("\"processing_time\":").unwrap();
    let path = tree.path().join("a.json");
    let error = "the text ends where a value or ']' should follow";
    assert_eq!(
        before,
        format!(
            r#"{{"file_path":"{}","is_valid":false,"error":"{error}","#,
            path.display()
        )
    );
    let (time, after) = after.split_once(',').unwrap();
    assert!(time.len() == 8 && time.starts_with("0."), "{time}");
    let tail = r#""file_size":1,"detection_count":0,"tool_name":null,"operation_type":null,"format":"json","error_code":"ERR_TANDEM_JSON_TRUNCATED","error_offset":1,"error_line":1,"error_column":2,"hint":"it was truncated: write the file again or restore it","findings":[]}"#;
    assert_eq!(after, tail);
}

#[test]
fn an_operation_asked_for_leaves_out_the_valid_rows_of_others() {
    let tree = Tree::new();
    tree.file("a.json", FACE)
        .file("b.json", r#"{"unified":{}}"#)
        .file("c.json", "{");
    for report in [ReportKind::Validate, ReportKind::Stats, ReportKind::Export] {
        let (rows, totals) = rows(ScanRequest {
            operation: "face_detection".into(),
            ..request(report, &tree)
        });
        assert_eq!(rows.len(), 2);
        assert_eq!(totals[0]["items"], 2);
        assert_eq!(totals[0]["skipped"], json!({"other_operation": 1}));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_cannot_be_shown_come_with_their_bytes() {
    let tree = Tree::new();
    tree.file(b"a\xff\"\n.json", "{}")
        .file(b"d\xc3/x.json", "{}");
    let (rows, _) = rows(request(ReportKind::Validate, &tree));
    for (row, below) in rows.iter().zip([&b"a\xff\"\n.json"[..], b"d\xc3/x.json"]) {
        let raw = tree.at(below);
        assert_eq!(row["file_path"], String::from_utf8_lossy(&raw).as_ref());
        assert_eq!(row["file_path_bytes"], tandem_common::base64::encode(&raw));
    }
}

#[cfg(unix)]
#[test]
fn stats_pairs_and_counts_images_once_each() {
    let tree = Tree::new();
    tree.file("a.jpg", "")
        .file("a.json", FACE)
        .file("b.jpg", "")
        .file("c.jpg", "")
        .file("C.JPG.json", "[");
    tree.link("a.jpg", "l.jpg")
        .link("gone.jpg", "m.jpg")
        .file("m.json", FACE)
        .file("sub/n.json", "{}");
    let (rows, totals) = rows(request(ReportKind::Stats, &tree));
    let at = |name: &str| tree.path().join(name).to_string_lossy().into_owned();
    let first = row_of(&rows, "a.json");
    assert_eq!(
        (&first["image_path"], &first["created_at"]),
        (&json!(at("a.jpg")), &json!("2024-05-06T07:08:09Z"))
    );
    // printf a.json | sha256sum
    assert_eq!(first["id"], "6025a12236ee54ba");
    assert_eq!(row_of(&rows, "C.JPG.json")["image_path"], at("c.jpg"));
    let link = json!({"symlink_path": at("m.jpg"), "target_path": "gone.jpg", "is_symlink": true, "broken": true});
    assert_eq!(row_of(&rows, "m.json")["symlink_info"], link);
    let lost = row_of(&rows, "n.json");
    assert!(
        lost["image_path"].is_null()
            && lost["last_updated"]
                .as_str()
                .is_some_and(|time| time.len() == 24)
    );
    let face = json!({"count": 2, "timed": 2, "seconds": 0.5, "judged": 2, "succeeded": 2, "bytes": 2 * FACE.len()});
    let unknown =
        json!({"count": 1, "timed": 0, "seconds": 0, "judged": 0, "succeeded": 0, "bytes": 2});
    // Covered: a by its own sidecar, c by its comparison key, l by its target's sidecar, m by its own.
    let expected = json!({"items": 4, "images": 5, "covered": 4, "symlinks": 2, "broken_symlinks": 1, "valid": 3, "invalid": 1,
        "unreadable": 0, "operations": {"face_detection": face, "unknown": unknown}, "skipped": {}});
    assert_eq!(totals, [expected]);
}

#[test]
fn formats_counts_content_and_tells_what_names_promise_otherwise() {
    let tree = Tree::new();
    tree.file("a.json", " {}")
        .file("b.bin", "{}")
        .file("c.bin", b"\x02\0\0\0\0\0\0\0{}")
        .file("d.rkyv", "")
        .file("e.bin", "junk");
    let (rows, totals) = rows(request(ReportKind::Formats, &tree));
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row["finding"].as_str().unwrap(), row["content"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("extension_mismatch", Some("json")),
            ("empty", None),
            ("unknown_format", None)
        ]
    );
    assert_eq!(
        totals,
        [json!({"items": 5, "json": 2, "bin": 2, "rkyv": 1, "legacy": 1, "skipped": {}})]
    );
}

#[test]
fn export_carries_the_document_as_it_stands_and_csv_its_columns() {
    let tree = Tree::new();
    tree.file("a.json", " {\"tool_name\" : \"x,\\\"y\\\"\"} ")
        .file("b.json", "{");
    let with_document = ScanRequest {
        with_document: true,
        ..request(ReportKind::Export, &tree)
    };
    let batch = batches(with_document).remove(0);
    let text = String::from_utf8(batch.rows).unwrap();
    assert!(
        text.lines()
            .next()
            .unwrap()
            .ends_with(r#","document": {"tool_name" : "x,\"y\""} }"#),
        "{text}"
    );
    assert!(text.ends_with(r#""error_code":"ERR_TANDEM_JSON_TRUNCATED","document":null}"#));
    let csv = ScanRequest {
        separator: "\r\n".into(),
        ..request(ReportKind::Export, &tree)
    };
    let batch = batches(csv).remove(0);
    let root = String::from_utf8_lossy(tree.root()).into_owned();
    let expected = format!(
        "{root}/a.json,,,unknown,0,\"x,\"\"y\"\"\",,,,,27,json,true,\r\n{root}/b.json,,,,0,,,,,,1,json,false,ERR_TANDEM_JSON_TRUNCATED"
    );
    assert_eq!(String::from_utf8(batch.rows).unwrap(), expected);
}

#[cfg(unix)]
#[test]
fn orphans_are_only_what_is_certain_to_be_nobodys() {
    let tree = Tree::new();
    tree.file("a.jpg", "")
        .file("a.json", "{")
        .file("b.json", FACE)
        .file("c.json", r#"{"x":1}"#)
        .file("d.json", "{");
    tree.file(
        "e.json",
        r#"{"unified":{},"sidecar_info":{"image_path":"a.jpg"}}"#,
    )
    .link("b.json", "f.json")
    .link("gone", "g.json");
    let (rows, totals) = rows(request(ReportKind::Orphans, &tree));
    let verdicts: Vec<_> = rows
        .iter()
        .map(|row| row["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(
        verdicts,
        [
            "orphan",
            "not_a_sidecar",
            "unreadable",
            "image_elsewhere",
            "link",
            "link"
        ]
    );
    let facts =
        tandem_common::file::facts_of(&std::fs::metadata(tree.path().join("b.json")).unwrap());
    let orphan = row_of(&rows, "b.json");
    assert_eq!(orphan["inode"], facts.inode.to_string());
    assert_eq!(orphan["mtime_ns"], facts.modified_ns.to_string());
    assert!(row_of(&rows, "f.json")["inode"].is_null());
    let left = json!({"not_a_sidecar": 1, "unreadable": 1, "image_elsewhere": 1, "link": 2});
    assert_eq!(
        totals,
        [json!({"items": 7, "images": 1, "paired": 1, "orphans": 1, "left": left, "skipped": {}})]
    );
}

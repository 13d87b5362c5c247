//! How a scan runs: resumed, cancelled, failing, over a list, slowly consumed.

use super::*;
use std::time::{Duration, Instant};

const REPORTS: [ReportKind; 5] = [
    ReportKind::Validate,
    ReportKind::Stats,
    ReportKind::Formats,
    ReportKind::Export,
    ReportKind::Orphans,
];

/// Six batches: a large folder, small ones, and an empty one.
fn large() -> Tree {
    let tree = Tree::new();
    for number in 0..1300 {
        tree.file(
            format!("a/{number:04}.json"),
            if number % 7 == 0 { "{" } else { FACE },
        );
    }
    for number in 0..700 {
        tree.file(format!("b/{}/{number:04}.bin", number % 3), FACE);
        if number % 2 == 0 {
            tree.file(format!("b/{}/{number:04}.jpg", number % 3), "");
        }
    }
    tree.folder("c");
    tree
}

/// The parts that must not differ between runs: all except the processing time of a file.
fn told(batch: &RowBatch) -> (String, String, String) {
    let rows = String::from_utf8_lossy(&batch.rows).into_owned();
    let rows = rows
        .split("\"processing_time\":")
        .map(|part| part.trim_start_matches(|digit: char| digit.is_ascii_digit() || digit == '.'));
    (rows.collect(), batch.totals.clone(), batch.cursor.clone())
}

#[test]
fn resumed_after_any_batch_the_rest_is_the_rest() {
    let tree = large();
    for report in REPORTS {
        let whole: Vec<_> = batches(request(report, &tree)).iter().map(told).collect();
        assert_eq!(whole.len(), 4);
        for (index, (.., cursor)) in whole.iter().enumerate() {
            let rest = batches(ScanRequest {
                after: cursor.clone(),
                ..request(report, &tree)
            });
            assert_eq!(
                rest.iter().map(told).collect::<Vec<_>>(),
                whole[index + 1..]
            );
        }
    }
}

#[test]
fn workers_change_nothing_but_the_time() {
    let tree = large();
    let alone = batches(ScanRequest {
        workers: 1,
        ..request(ReportKind::Stats, &tree)
    });
    let many = batches(ScanRequest {
        workers: 9,
        ..request(ReportKind::Stats, &tree)
    });
    assert_eq!(
        alone.iter().map(told).collect::<Vec<_>>(),
        many.iter().map(told).collect::<Vec<_>>()
    );
}

#[test]
fn a_root_that_is_not_there_ends_the_run_with_its_code() {
    let tree = Tree::new();
    tree.file("file", "");
    for (name, code) in [
        ("none", tandem_common::error_codes::INPUT_MISSING),
        ("file", tandem_common::error_codes::INPUT_NOT_A_FOLDER),
    ] {
        let mut run = all(ScanRequest {
            root: tree.at(name),
            ..request(ReportKind::Validate, &tree)
        });
        assert_eq!(run.pop().unwrap().unwrap().unwrap_err().code, code);
        assert!(run.is_empty());
    }
}

#[test]
fn a_cursor_that_is_none_is_refused_at_once() {
    let tree = Tree::new();
    for (list, after) in [
        (None, "%"),
        (None, "L2E="),
        (Some(vec![b"x".to_vec()]), "2"),
        (Some(Vec::new()), "L2E="),
    ] {
        let request = ScanRequest {
            list,
            after: after.into(),
            ..request(ReportKind::Validate, &tree)
        };
        assert_eq!(
            start(request).err().unwrap().code,
            tandem_common::error_codes::BAD_ARGUMENT
        );
    }
}

#[test]
fn after_cancel_only_whole_batches_come_and_then_the_end() {
    let tree = large();
    let whole: Vec<_> = batches(request(ReportKind::Validate, &tree))
        .iter()
        .map(told)
        .collect();
    let begun = Instant::now();
    for wait in 0..6 {
        let mut scan = start(ScanRequest {
            workers: 3,
            ..request(ReportKind::Validate, &tree)
        })
        .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        scan.cancel();
        let some: Vec<_> = std::iter::from_fn(|| scan.next_done())
            .map(|batch| told(&batch.unwrap().unwrap()))
            .collect();
        assert_eq!(some, whole[..some.len()]);
    }
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn nobody_waits_for_a_scan_that_is_dropped() {
    let tree = large();
    for _ in 0..20 {
        let mut scan = start(request(ReportKind::Stats, &tree)).unwrap();
        scan.next_done().unwrap().unwrap().unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_list_is_read_in_its_order_whatever_stands_there() {
    let tree = Tree::new();
    tree.file("z.json", FACE)
        .file("a.JSON", FACE)
        .file("note", "[1]")
        .folder("d.json")
        .pipe("p.json")
        .link("x", "l.json")
        .file("z.jpg", "");
    let names = [
        "z.json",
        "a.JSON",
        "note",
        "d.json",
        "p.json",
        "l.json",
        "none.json",
        "z.json",
    ];
    let list = Some(names.map(|name| tree.at(name)).to_vec());
    let request = ScanRequest {
        list,
        root: Vec::new(),
        ..request(ReportKind::Stats, &tree)
    };
    let (rows, totals) = rows(request.clone());
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["sidecar_path"]
                    .as_str()
                    .unwrap()
                    .rsplit('/')
                    .next()
                    .unwrap(),
                row["error_code"].as_str(),
            )
        })
        .collect();
    let codes = [
        None,
        None,
        None,
        Some("ERR_TANDEM_NOT_A_FILE"),
        Some("ERR_TANDEM_NOT_A_FILE"),
        Some("ERR_TANDEM_BROKEN_SYMLINK"),
        Some("ERR_TANDEM_NOT_FOUND"),
        None,
    ];
    assert_eq!(told, names.into_iter().zip(codes).collect::<Vec<_>>());
    assert!(
        rows[0]["image_path"]
            .as_str()
            .is_some_and(|path| path.ends_with("/z.jpg"))
    );
    assert_eq!(
        (&totals[0]["images"], &totals[0]["items"]),
        (&Value::from(0), &Value::from(8))
    );
    assert_eq!(batches(request)[0].cursor, "8");
}

#[cfg(unix)]
#[test]
fn a_folder_that_vanishes_while_the_scan_runs_is_a_row() {
    let tree = large();
    tree.file("y/1.json", FACE).file("z/1.json", FACE);
    // No batch is taken, so one worker waits for room while the walk is in folder a.
    let mut scan = start(ScanRequest {
        workers: 1,
        ..request(ReportKind::Validate, &tree)
    })
    .unwrap();
    let first = scan.next_done().unwrap().unwrap().unwrap();
    tree.remove("y");
    let rest = batches(ScanRequest {
        after: first.cursor,
        ..request(ReportKind::Validate, &tree)
    });
    assert!(!String::from_utf8_lossy(&rest.last().unwrap().rows).contains("/y"));
    while let Some(batch) = scan.next_done() {
        let rows = String::from_utf8(batch.unwrap().unwrap().rows).unwrap();
        for row in rows.lines().filter(|row| row.contains("/y")) {
            let row: Value = serde_json::from_str(row).unwrap();
            assert!(row["is_valid"] == true || row["error_code"] == "ERR_TANDEM_NOT_FOUND");
        }
    }
}

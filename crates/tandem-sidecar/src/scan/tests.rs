//! Scans of real folders, from the request to the rows.

mod reports;
mod runs;

use super::{ReportKind, ScanRequest, start};
use serde_json::Value;
use tandem_common::Fault;
use tandem_common::RowBatch;
use tandem_common::pipeline::Panic;
use tandem_common::testing::Tree;

const FACE: &str = r#"{"sidecar_info":{"operation_type":"face_detection","created_at":"2024-05-06T07:08:09Z"},"success":true,"processing_time":0.25,"face_detection":{"faces":[1,2],"tool_name":"yolo"}}"#;

fn request(report: ReportKind, tree: &Tree) -> ScanRequest {
    ScanRequest {
        report,
        root: tree.root().to_vec(),
        list: None,
        operation: String::new(),
        lint: false,
        separator: "\n".into(),
        with_document: false,
        max_size: 1 << 28,
        max_depth: 1024,
        workers: 2,
        after: String::new(),
    }
}

fn all(request: ScanRequest) -> Vec<Result<Result<RowBatch, Fault>, Panic>> {
    let mut scan = start(request).expect("a cursor of ours");
    std::iter::from_fn(|| scan.next_done()).collect()
}

fn batches(request: ScanRequest) -> Vec<RowBatch> {
    all(request)
        .into_iter()
        .map(|batch| batch.expect("no panic").expect("a root"))
        .collect()
}

/// The rows of a report whose separator is LF, and the totals of its batches.
fn rows(request: ScanRequest) -> (Vec<Value>, Vec<Value>) {
    let batches = batches(request);
    let lines = batches
        .iter()
        .flat_map(|batch| batch.rows.split(|byte| *byte == b'\n'))
        .filter(|line| !line.is_empty());
    let rows = lines.map(|line| serde_json::from_slice(line).expect("a row is JSON"));
    let totals = batches
        .iter()
        .map(|batch| serde_json::from_str(&batch.totals).expect("totals are JSON"));
    (rows.collect(), totals.collect())
}

/// The row whose path ends with `name`.
fn row_of<'a>(rows: &'a [Value], name: &str) -> &'a Value {
    let path = |row: &&Value| {
        row.get("file_path")
            .or(row.get("sidecar_path"))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    rows.iter()
        .find(|row| path(row).is_some_and(|path| path.ends_with(name)))
        .unwrap_or_else(|| panic!("no row of {name}"))
}

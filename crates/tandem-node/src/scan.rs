//! `scan(request)`: a read-only pass of the sidecar job.

use crate::error::{domain, engine};
use crate::stream::NativeStream;
use napi::Result;
use napi::bindgen_prelude::{Buffer, Either, Null};
use napi_derive::napi;
use tandem_sidecar::scan::{self, ReportKind, ScanRequest};

/// A read-only pass over a folder or a list of files. Checked and complete: the addon has no
/// defaults.
#[napi(object, object_to_js = false)]
pub struct NativeScanRequest {
    /// Which rows are written: spec/sidecar/reports.md.
    #[napi(ts_type = "'validate' | 'stats' | 'formats' | 'export' | 'orphans'")]
    pub report: String,
    /// Raw bytes of the folder's name, without trailing slashes; empty with a list.
    pub root: Buffer,
    /// Raw bytes of each name, in the order of the rows.
    #[napi(ts_type = "readonly Buffer[] | null")]
    pub list: Either<Vec<Buffer>, Null>,
    /// Only this operation (snake_case), or '' for all.
    pub operation: String,
    /// Adds findings that need a full tape.
    pub lint: bool,
    /// Between two rows; '\r\n' makes export write csv.
    #[napi(ts_type = "',\\n' | '\\n' | '\\r\\n'")]
    pub separator: String,
    /// export: adds the document itself to each row.
    pub with_document: bool,
    /// Bytes.
    pub max_size: f64,
    pub max_depth: u32,
    pub workers: u32,
    /// The cursor of the last delivered batch, or '' to begin.
    pub after: String,
}

/// Begins a pass; throws a domain error at once if the request cannot begin.
#[napi(catch_unwind)]
pub fn scan(request: NativeScanRequest) -> Result<NativeStream> {
    let request = flat(request)?;
    let root = request.root.clone();
    let pipeline = scan::start(request).map_err(|fault| domain(&fault, &[]))?;
    NativeStream::begin(pipeline, root)
}

fn flat(request: NativeScanRequest) -> Result<ScanRequest> {
    let report = ReportKind::named(&request.report).ok_or_else(|| engine("no such report"))?;
    let list = match request.list {
        Either::A(list) => Some(list.iter().map(|path| path.to_vec()).collect()),
        Either::B(Null) => None,
    };
    Ok(ScanRequest {
        report,
        root: request.root.to_vec(),
        list,
        operation: request.operation,
        lint: request.lint,
        separator: request.separator,
        with_document: request.with_document,
        // Checked to be a whole number; Infinity saturates.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        max_size: request.max_size as u64,
        max_depth: request.max_depth,
        workers: request.workers as usize,
        after: request.after,
    })
}

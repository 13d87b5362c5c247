//! `scan(request)`: a read-only pass of the sidecar job.

use crate::error::{domain, engine};
use crate::stream::NativeStream;
use napi::Result;
use napi::bindgen_prelude::{Buffer, Either, Null};
use napi_derive::napi;
use tandem_sidecar::scan::{self, ReportKind, ScanRequest};

/// Checked by TypeScript; there are no defaults here.
#[napi(object, object_to_js = false)]
pub struct NativeScanRequest {
    pub report: String,
    /// Raw bytes.
    pub root: Buffer,
    /// Raw bytes of each path, or null.
    pub list: Either<Vec<Buffer>, Null>,
    pub operation: String,
    pub lint: bool,
    pub separator: String,
    pub with_document: bool,
    pub max_size: f64,
    pub max_depth: u32,
    pub workers: u32,
    pub after: String,
}

/// Throws a domain error at once where the request cannot be begun.
#[napi(catch_unwind)]
pub fn scan(request: NativeScanRequest) -> Result<NativeStream> {
    let request = flat(request)?;
    let root = request.root.clone();
    let pipeline = scan::start(request).map_err(|fault| domain(&fault, &[]))?;
    let canceller = pipeline.canceller();
    NativeStream::begin(pipeline, canceller, root)
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

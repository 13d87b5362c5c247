//! `convert(request)`: a run on threads of its own, pulled batch by batch as a scan is.

use crate::error::engine;
use crate::stream::{Batches, Done, NativeStream};
use napi::Result;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use tandem_common::durable::{Run, Steps};
use tandem_sidecar::convert::{self, Convert, ConvertRequest};
use tandem_sidecar::formats::Extension;

/// A test instrument: what is done with the changes to the disk, as `Steps::instrument` says.
const STEPS: &str = "TANDEM_STEPS";

/// Checked by TypeScript; there are no defaults here.
#[napi(object, object_to_js = false)]
#[allow(clippy::struct_excessive_bools)]
pub struct NativeConvertRequest {
    /// Raw bytes.
    pub root: Buffer,
    pub operation: String,
    pub to: String,
    pub legacy_layout: bool,
    pub keep: bool,
    pub dry_run: bool,
    pub volatile: bool,
    pub separator: String,
    pub max_size: f64,
    pub max_depth: u32,
    pub run: String,
    pub lock_line: String,
    /// Raw bytes; empty in a dry run.
    pub journal: Buffer,
    pub after: String,
    pub workers: u32,
    /// A test instrument; -1 in earnest.
    pub fail_at_batch: i64,
}

/// Throws an engine error where the run cannot be begun.
#[napi(catch_unwind)]
pub fn convert(request: NativeConvertRequest) -> Result<NativeStream> {
    // Another engine's journal would have to be read first. TypeScript does that, and it is what goes on after this engine.
    if !request.after.is_empty() {
        return Err(engine(
            "a convert that another engine began is TypeScript's to finish",
        ));
    }
    let root = request.root.to_vec();
    let run = convert::start(flat(request)?)
        .map_err(|error| engine(&format!("no thread could be started: {error}")))?;
    let canceller = run.canceller().into();
    NativeStream::begin(run, canceller, root)
}

impl Batches for Convert {
    fn next_done(&mut self) -> Option<Done> {
        Convert::next_done(self)
    }
}

fn flat(request: NativeConvertRequest) -> Result<ConvertRequest> {
    let to = Extension::of(request.to.as_bytes()).ok_or_else(|| engine("no such format"))?;
    let run = Run::parse(request.run.as_bytes()).ok_or_else(|| engine("no such run"))?;
    let instrument = std::env::var(STEPS).ok();
    Ok(ConvertRequest {
        root: request.root.to_vec(),
        operation: request.operation,
        to,
        legacy_layout: request.legacy_layout,
        keep: request.keep,
        dry_run: request.dry_run,
        volatile: request.volatile,
        separator: request.separator,
        // Checked to be a whole number; Infinity saturates.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        max_size: request.max_size as u64,
        max_depth: request.max_depth,
        workers: request.workers as usize,
        run,
        lock_line: request.lock_line.into_bytes(),
        journal: request.journal.to_vec(),
        fail_at_batch: u64::try_from(request.fail_at_batch).ok(),
        steps: instrument
            .and_then(|text| Steps::instrument(&text))
            .unwrap_or_default(),
    })
}

//! `scan(request)`: a pass on threads of its own, pulled batch by batch.

use crate::error::{domain, engine};
use napi::bindgen_prelude::{Buffer, Either, Null, Object};
use napi::{Env, JsDeferred, Result};
use napi_derive::napi;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tandem_common::Fault;
use tandem_common::pipeline::{Canceller, Panic};
use tandem_sidecar::scan::{self, ReportKind, Scan as Pipeline, ScanBatch, ScanRequest};

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
    /// A test instrument; -1 in earnest.
    pub fail_at_batch: Option<i64>,
}

#[napi(object, object_from_js = false)]
pub struct NativeBatch {
    /// Bytes that `copy_rows` gives.
    pub row_bytes: i64,
    pub totals: String,
    pub cursor: String,
    pub items: i64,
    pub bytes: i64,
}

type Resolver = Box<dyn FnOnce(Env) -> Result<Option<NativeBatch>> + Send>;
type Ask = JsDeferred<Option<NativeBatch>, Resolver>;

/// The rows of the batch that was handed out last. Rows given away as a Buffer of their own would wait for the garbage collector, which
/// lets 64 MB of them gather.
type LastRows = Arc<Mutex<Vec<u8>>>;

#[napi]
pub struct NativeScan {
    asks: Sender<Ask>,
    rows: LastRows,
    canceller: Canceller,
}

/// Throws a domain error at once where the request cannot be begun.
#[napi(catch_unwind)]
pub fn scan(request: NativeScanRequest) -> Result<NativeScan> {
    let request = flat(request)?;
    let root = request.root.clone();
    let pipeline = scan::start(request).map_err(|fault| domain(&fault, &[]))?;
    let canceller = pipeline.canceller();
    NativeScan::begin(pipeline, canceller, root)
}

/// What hands out batches in order: a scan, or a convert.
pub(crate) trait Batches: Send + 'static {
    fn next_done(
        &mut self,
    ) -> Option<std::result::Result<std::result::Result<ScanBatch, Fault>, Panic>>;
}

impl Batches for Pipeline {
    fn next_done(
        &mut self,
    ) -> Option<std::result::Result<std::result::Result<ScanBatch, Fault>, Panic>> {
        Pipeline::next_done(self)
    }
}

impl NativeScan {
    /// `root` is what an error of the whole run is about.
    pub(crate) fn begin(
        batches: impl Batches,
        canceller: Canceller,
        root: Vec<u8>,
    ) -> Result<Self> {
        let (asks, inbox) = channel();
        let rows = LastRows::default();
        let last = Arc::clone(&rows);
        // A thread that waits for batches, so that none of libuv's four does, and the process can exit when it likes.
        std::thread::Builder::new()
            .name("tandem-answers".into())
            .spawn(move || answer(batches, &inbox, &last, &root))
            .map_err(|error| engine(&format!("no thread could be started: {error}")))?;
        Ok(Self {
            asks,
            rows,
            canceller,
        })
    }
}

#[napi]
impl NativeScan {
    /// The next batch, or null at the end. After an error the scan is over.
    #[napi(catch_unwind, ts_return_type = "Promise<NativeBatch | null>")]
    pub fn next<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (ask, promise) = env.create_deferred::<Option<NativeBatch>, Resolver>()?;
        self.asks
            .send(ask)
            .map_err(|_| engine("the scan has ended unexpectedly"))?;
        Ok(promise)
    }

    /// Puts the rows of the last batch at the beginning of `into`, which has room for them.
    #[napi(catch_unwind)]
    pub fn copy_rows(&self, mut into: Buffer) -> Result<()> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let room = into.get_mut(..rows.len());
        room.ok_or_else(|| engine("no room for the rows"))?
            .copy_from_slice(&rows);
        Ok(())
    }

    /// After it, `next` gives what was already done and then null.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.canceller.cancel();
    }
}

/// A scan that nobody holds any more is cancelled: its promises can no longer be waited for.
impl Drop for NativeScan {
    fn drop(&mut self) {
        self.canceller.cancel();
    }
}

fn answer(mut pipeline: impl Batches, inbox: &Receiver<Ask>, rows: &LastRows, root: &[u8]) {
    let mut over = false;
    for ask in inbox {
        let batch = if over { None } else { pipeline.next_done() };
        match batch {
            Some(Ok(Ok(batch))) => {
                let last = Arc::clone(rows);
                ask.resolve(Box::new(move |_| Ok(Some(hand_over(batch, &last)))));
            }
            Some(Ok(Err(fault))) => {
                over = true;
                ask.reject(domain(&fault, root));
            }
            Some(Err(panic)) => {
                over = true;
                ask.reject(engine(&panic.0));
            }
            None => {
                over = true;
                ask.resolve(Box::new(|_| Ok(None)));
            }
        }
    }
}

fn hand_over(batch: ScanBatch, last: &LastRows) -> NativeBatch {
    let ScanBatch {
        rows,
        totals,
        cursor,
        items,
        bytes,
    } = batch;
    let row_bytes = rows.len() as u64;
    *last.lock().unwrap_or_else(PoisonError::into_inner) = rows;
    let counts = [row_bytes, items, bytes];
    let [row_bytes, items, bytes] = counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    NativeBatch {
        row_bytes,
        totals,
        cursor,
        items,
        bytes,
    }
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
        fail_at_batch: request
            .fail_at_batch
            .and_then(|batch| u64::try_from(batch).ok()),
    })
}

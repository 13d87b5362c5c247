//! A pass on its own threads, pulled batch by batch.

use crate::error::{domain, engine};
use napi::bindgen_prelude::{Buffer, Object};
use napi::{Env, JsDeferred, Result};
use napi_derive::napi;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tandem_common::pipeline::{Canceller, Panic, Pipeline};
use tandem_common::{Fault, RowBatch};

/// Rows and their totals, as spec/sidecar/reports.md specifies.
#[napi(object, object_from_js = false)]
pub struct NativeBatch {
    /// The number of bytes that copyRows writes.
    pub row_bytes: i64,
    /// JSON.
    pub totals: String,
    pub cursor: String,
    pub items: i64,
    /// Bytes read.
    pub bytes: i64,
}

type Resolver = Box<dyn FnOnce(Env) -> Result<Option<NativeBatch>> + Send>;
type Ask = JsDeferred<Option<NativeBatch>, Resolver>;

/// The rows of the last batch that was handed out. Rows in a Buffer of their own would wait for the garbage
/// collector, which lets 64 MB of them accumulate.
type LastRows = Arc<Mutex<Vec<u8>>>;

/// A pass and its state. The answering thread holds the lock while it waits for a batch; `take_ready` then
/// finds the lock taken and returns null.
struct Pass {
    batches: Batches,
    /// Taken by `take_ready` and not handed out: the answering thread reports whatever ends the pass.
    set_aside: Option<Done>,
    over: bool,
}

/// A pass that runs on its own threads.
#[napi]
pub struct NativeStream {
    asks: Sender<Ask>,
    pass: Arc<Mutex<Pass>>,
    rows: LastRows,
    canceller: Canceller,
}

/// A batch, the fault that ends the whole run, or the panic that ends the engine.
type Done = std::result::Result<std::result::Result<RowBatch, Fault>, Panic>;

type Batches = Pipeline<std::result::Result<RowBatch, Fault>>;

impl NativeStream {
    /// `root` is the path in an error of the whole run.
    pub(crate) fn begin(batches: Batches, root: Vec<u8>) -> Result<Self> {
        let canceller = batches.canceller();
        let (asks, inbox) = channel();
        let rows = LastRows::default();
        let last = Arc::clone(&rows);
        let pass = Arc::new(Mutex::new(Pass {
            batches,
            set_aside: None,
            over: false,
        }));
        let taken = Arc::clone(&pass);
        // A thread of its own waits for batches, so that none of libuv's four is blocked and the process can
        // exit at any time.
        std::thread::Builder::new()
            .name("tandem-answers".into())
            .spawn(move || answer(&taken, &inbox, &last, &root))
            .map_err(|error| engine(&format!("no thread could be started: {error}")))?;
        Ok(Self {
            asks,
            pass,
            rows,
            canceller,
        })
    }
}

#[napi]
impl NativeStream {
    /// The next batch, or null at the end. After an error the pass is over.
    #[napi(catch_unwind, ts_return_type = "Promise<NativeBatch | null>")]
    pub fn next<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (ask, promise) = env.create_deferred::<Option<NativeBatch>, Resolver>()?;
        self.asks
            .send(ask)
            .map_err(|_| engine("the pass has ended unexpectedly"))?;
        Ok(promise)
    }

    /// The next batch if it is ready; null does not mean the end. (A promise costs two changes of
    /// threads.)
    #[napi(catch_unwind)]
    pub fn take_ready(&self) -> Option<NativeBatch> {
        let mut pass = self.pass.try_lock().ok()?;
        if pass.over || pass.set_aside.is_some() {
            return None;
        }
        match pass.batches.try_next_done()? {
            Ok(Ok(batch)) => Some(hand_over(batch, &self.rows)),
            other => {
                pass.set_aside = Some(other);
                None
            }
        }
    }

    /// Copies the rows of the last batch, UTF-8, to the beginning of `into`, which has room for
    /// them.
    #[napi(catch_unwind)]
    pub fn copy_rows(&self, mut into: Buffer) -> Result<()> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let room = into.get_mut(..rows.len());
        room.ok_or_else(|| engine("no room for the rows"))?
            .copy_from_slice(&rows);
        Ok(())
    }

    /// After it, next() returns the work that is already done and then null.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.canceller.cancel();
    }
}

/// Cancels a pass without references: its promises can no longer be awaited.
impl Drop for NativeStream {
    fn drop(&mut self) {
        self.canceller.cancel();
    }
}

fn answer(pass: &Mutex<Pass>, inbox: &Receiver<Ask>, rows: &LastRows, root: &[u8]) {
    for ask in inbox {
        let done = pass.lock().unwrap_or_else(PoisonError::into_inner).next();
        match done {
            Some(Ok(Ok(batch))) => {
                let last = Arc::clone(rows);
                ask.resolve(Box::new(move |_| Ok(Some(hand_over(batch, &last)))));
            }
            Some(Ok(Err(fault))) => ask.reject(domain(&fault, root)),
            Some(Err(panic)) => ask.reject(engine(&panic.0)),
            None => ask.resolve(Box::new(|_| Ok(None))),
        }
    }
}

impl Pass {
    /// Waits for the next result; None after the end or an error.
    fn next(&mut self) -> Option<Done> {
        if self.over {
            return None;
        }
        let done = self.set_aside.take().or_else(|| self.batches.next_done());
        self.over = !matches!(done, Some(Ok(Ok(_))));
        done
    }
}

fn hand_over(batch: RowBatch, last: &LastRows) -> NativeBatch {
    let RowBatch {
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

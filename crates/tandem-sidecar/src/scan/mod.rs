//! Read-only passes over a tree or a list of files: rows as bytes, batch by batch, in one order.

pub(crate) mod csv;
mod export;
mod formats;
pub(crate) mod item;
mod orphans;
mod report;
mod request;
pub(crate) mod row;
pub(crate) mod source;
mod stats;
mod tally;
#[cfg(test)]
mod tests;
pub(crate) mod time;
pub(crate) mod totals;
mod validate;
mod worker;

pub use request::{ReportKind, ScanRequest};

use source::Source;
use std::sync::Arc;
use tandem_common::pipeline::{self, Cancel, Pipeline};
use tandem_common::{Fault, RowBatch};
use worker::Worker;

/// Err is a fault that ends the whole run, such as a missing root.
pub type Scan = Pipeline<Result<RowBatch, Fault>>;

/// Starts a scan. Only the workers read, so this does not wait for the disk.
pub fn start(request: ScanRequest) -> Result<Scan, Fault> {
    let request = Arc::new(request);
    let source = Source::new(&request).ok_or_else(|| {
        let fault = Fault::new(tandem_common::error_codes::BAD_ARGUMENT)
            .with("problem", "the cursor does not belong to this scan");
        fault.with("cure", "pass the cursor of a batch unchanged")
    })?;
    let workers: Vec<Worker> = (0..request.workers.max(1))
        .map(|_| Worker::new(Arc::clone(&request)))
        .collect();
    // Two batches in progress or ready for each worker, and two more, so that no worker waits while the
    // consumer takes one.
    let window = 2 * workers.len() + 2;
    Ok(pipeline::start(source, workers, window, Cancel::default()))
}

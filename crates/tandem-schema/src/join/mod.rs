//! Joins the files of a schema, each after its separator: `spec/schema/join.md`.

mod request;
#[cfg(test)]
mod tests;
mod totals;
mod worker;

pub use request::JoinRequest;

use request::Ranges;
use std::sync::Arc;
use tandem_common::pipeline::{self, Cancel, Pipeline};
use tandem_common::{Fault, RowBatch};
use worker::Worker;

pub type Join = Pipeline<Result<RowBatch, Fault>>;

/// Starts a join; only the workers read files.
pub fn start(request: JoinRequest) -> Result<Join, Fault> {
    let ranges = Ranges::new(&request).ok_or_else(|| {
        let fault = Fault::new(tandem_common::error_codes::BAD_ARGUMENT)
            .with("problem", "the cursor does not belong to this join");
        fault.with("cure", "pass the cursor of a batch unchanged")
    })?;
    let request = Arc::new(request);
    // No more threads than batches: for a small schema, starting them would be most of the work.
    let count = request.workers.clamp(1, ranges.batches().max(1));
    let workers: Vec<Worker> = (0..count)
        .map(|_| Worker::new(Arc::clone(&request)))
        .collect();
    let window = workers.len() + 2;
    Ok(pipeline::start(ranges, workers, window, Cancel::default()))
}

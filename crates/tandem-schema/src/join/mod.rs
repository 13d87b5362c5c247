//! The files of a schema, one after another, each behind its separator: `spec/schema/join.md`.

mod here;
mod request;
#[cfg(test)]
mod tests;
mod totals;
mod worker;

pub use request::JoinRequest;

pub use here::Here;
use request::Ranges;
use std::sync::Arc;
use tandem_common::pipeline::{self, Cancel, Canceller, Panic, Pipeline};
use tandem_common::{ErrorCode, Fault, RowBatch};
use worker::Worker;

/// Batches in their order, from threads of their own or from the one that asks.
pub enum Join {
    Pool(Pipeline<Result<RowBatch, Fault>>),
    Here(Box<Here>),
}

impl Join {
    /// As `Pipeline::next_done`.
    pub fn next_done(&mut self) -> Option<Result<Result<RowBatch, Fault>, Panic>> {
        match self {
            Self::Pool(pool) => pool.next_done(),
            Self::Here(here) => here.next_done(),
        }
    }

    /// As `Pipeline::try_next_done`; what would be done here is done.
    pub fn try_next_done(&mut self) -> Option<Result<Result<RowBatch, Fault>, Panic>> {
        match self {
            Self::Pool(pool) => pool.try_next_done(),
            Self::Here(here) => here.next_done(),
        }
    }

    #[must_use]
    pub fn canceller(&self) -> Canceller {
        match self {
            Self::Pool(pool) => pool.canceller(),
            Self::Here(here) => here.cancel().into(),
        }
    }
}

/// Starts a join; nothing is read before a worker asks for it.
pub fn start(request: JoinRequest) -> Result<Join, Fault> {
    let ranges = Ranges::new(&request).ok_or_else(|| {
        let fault =
            Fault::new(ErrorCode::BadArgument).with("problem", "the cursor is none of this join");
        fault.with("cure", "give back the cursor of a batch as it was")
    })?;
    if here::is_small(&request) {
        return Ok(Join::Here(Box::new(Here::new(ranges, request))));
    }
    let request = Arc::new(request);
    // No more threads than batches: for a small schema starting them would be most of the work.
    let count = request.workers.clamp(1, ranges.batches().max(1));
    let workers: Vec<Worker> = (0..count)
        .map(|_| Worker::new(Arc::clone(&request)))
        .collect();
    let window = workers.len() + 2;
    let pool = pipeline::start(ranges, workers, window, Cancel::default());
    Ok(Join::Pool(pool))
}

//! Counts by time: `spec/infra/logs.md`, "Buckets".

use std::collections::BTreeMap;
use tandem_common::limits::LOG_BUCKETS;

const MINUTE_MS: i64 = 60_000;
/// Minutes; then times ten.
const FIRST_WIDTHS: [i64; 4] = [1, 10, 60, 1440];

/// Entries, errors and warnings.
pub(super) type Counts = [u64; 3];

pub(super) struct Buckets {
    /// Minutes.
    pub width: i64,
    pub counts: BTreeMap<i64, Counts>,
}

impl Buckets {
    pub fn new() -> Self {
        Self {
            width: FIRST_WIDTHS[0],
            counts: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, ms: i64, counts: Counts) {
        self.count(ms.div_euclid(self.width * MINUTE_MS), counts);
        while self.counts.len() > LOG_BUCKETS {
            self.widen();
        }
    }

    fn count(&mut self, index: i64, counts: Counts) {
        let sums = self.counts.entry(index).or_default();
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
        }
    }

    fn widen(&mut self) {
        let from = self.width;
        let wider = FIRST_WIDTHS.into_iter().find(|width| *width > from);
        self.width = wider.unwrap_or(from * 10);
        for (index, counts) in std::mem::take(&mut self.counts) {
            self.count((index * from).div_euclid(self.width), counts);
        }
    }
}

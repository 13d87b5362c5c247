//! Counts the verdicts of a batch: the totals of validate and export.

use super::item::is_unreadable;
use super::totals::{Skipped, Totals};
use tandem_common::Fault;

#[derive(Default)]
pub(super) struct VerdictTally {
    valid: u64,
    invalid: u64,
    unreadable: u64,
    /// Valid files of operations that were not requested.
    pub(super) other_operation: u64,
}

impl VerdictTally {
    pub(super) fn count(&mut self, fault: Option<&Fault>) {
        match fault {
            None => self.valid += 1,
            Some(fault) if is_unreadable(fault) => self.unreadable += 1,
            Some(_) => self.invalid += 1,
        }
    }

    /// The number of items and the totals as JSON; resets the counts.
    pub(super) fn close(&mut self, skipped: &mut Skipped) -> (u64, String) {
        let Self {
            valid,
            invalid,
            unreadable,
            other_operation,
        } = std::mem::take(self);
        skipped.other_operation = other_operation;
        let items = valid + invalid + unreadable;
        let totals = Totals::new()
            .count("items", items)
            .count("valid", valid)
            .count("invalid", invalid)
            .count("unreadable", unreadable)
            .skipped(skipped);
        (items, totals.end())
    }
}

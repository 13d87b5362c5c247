//! The interface of all reports: rows for files, counts for folders, totals for a batch.

use super::item::{Item, Tools};
use super::row::{Rows, Shown};
use super::totals::Skipped;
use crate::pairing::Index;
use tandem_common::Fault;

pub(super) trait Report: Send {
    /// Called for a folder that begins in this batch. `path` is its raw path, with a trailing slash.
    fn folder(&mut self, _index: &Index, _path: &[u8]) {}

    /// Called for a folder that could not be listed. `below` is its raw path below the root.
    fn failed_folder(&mut self, shown: Shown<'_>, below: &[u8], fault: &Fault, rows: &mut Rows);

    /// Called for each file; returns the number of bytes read.
    fn file(&mut self, item: &Item<'_>, tools: &mut Tools, rows: &mut Rows) -> u64;

    /// Returns the number of items of the batch and its totals as JSON, and resets the counts.
    fn close(&mut self, skipped: &mut Skipped) -> (u64, String);
}

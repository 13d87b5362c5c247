//! What every report does: rows for files, counts for folders, totals for a batch.

use super::item::{Item, Tools};
use super::row::{Rows, Shown};
use super::totals::Skipped;
use crate::pairing::Index;
use tandem_common::Fault;

pub(super) trait Report: Send {
    /// A folder begins in this batch. `path` is its raw path, with its slash.
    fn folder(&mut self, _index: &Index, _path: &[u8]) {}

    /// A folder that could not be listed. `below` is its raw path below the root.
    fn failed_folder(&mut self, shown: Shown<'_>, below: &[u8], fault: &Fault, rows: &mut Rows);

    /// One file; gives the bytes that were read of it.
    fn file(&mut self, item: &Item<'_>, tools: &mut Tools, rows: &mut Rows) -> u64;

    /// Items of the batch and its totals as JSON; then the counts begin again.
    fn close(&mut self, skipped: &mut Skipped) -> (u64, String);
}

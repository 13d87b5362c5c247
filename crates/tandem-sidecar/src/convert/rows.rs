//! Rows and totals: `spec/sidecar/convert.md`, "Rows".

use super::batch::{Batch, Entry, Named, Part};
use super::outcome::{Outcome, SKIPS, Status};
use super::shared::Shared;
use crate::scan::row::{
    Prefix, Shown, boolean, error_tail, number_or_null, path, string, string_or_null,
};
use crate::scan::totals::Totals;
use tandem_common::ErrorKind;
use tandem_common::RowBatch;
use tandem_common::walk::Skip;

/// A batch as it goes to the journal and to the consumer.
#[derive(Default)]
pub(super) struct BatchRows {
    /// The rows, the separator between them.
    pub bytes: Vec<u8>,
    /// Where each row ends.
    pub ends: Vec<usize>,
    pub totals: String,
}

#[derive(Default)]
struct Tally {
    converted: u64,
    failed: u64,
    /// Of the failed ones those whose document is not right.
    invalid: u64,
    skipped: [u64; SKIPS.len()],
    bytes_before: u64,
    bytes_after: u64,
    respelled: u64,
}

impl Batch {
    /// Writes the rows of what is known now.
    pub(super) fn write_rows(&mut self, shared: &Shared) {
        let mut tally = Tally::default();
        let mut bytes = Vec::with_capacity(self.entries.len() * 400);
        let mut ends = Vec::with_capacity(self.entries.len());
        let root = Prefix::new(&shared.request.root);
        let mut known: Option<(usize, Prefix)> = None;
        for entry in &self.entries {
            if !bytes.is_empty() {
                bytes.extend_from_slice(shared.request.separator.as_bytes());
            }
            tally.add(&entry.outcome);
            let (prefix, name) = match entry.named {
                Named::Folder => (&root, self.parts[entry.part].index.folder.path.as_slice()),
                Named::File(_) => {
                    if known.as_ref().is_none_or(|(part, _)| *part != entry.part) {
                        known = Some((entry.part, Prefix::new(&self.parts[entry.part].path)));
                    }
                    (
                        known.as_ref().map_or(&root, |(_, prefix)| prefix),
                        entry.name(&self.parts),
                    )
                }
            };
            write(
                &mut bytes,
                entry,
                &Shown { prefix, name },
                &self.parts,
                shared,
            );
            ends.push(bytes.len());
        }
        self.rows = BatchRows {
            bytes,
            ends,
            totals: tally.json(self),
        };
    }

    pub(super) fn handed_out(self) -> RowBatch {
        RowBatch {
            rows: self.rows.bytes,
            totals: self.rows.totals,
            cursor: self.cursor,
            items: self.entries.len() as u64,
            bytes: self.bytes,
        }
    }
}

fn write(out: &mut Vec<u8>, entry: &Entry, shown: &Shown<'_>, parts: &[Part], shared: &Shared) {
    let outcome = &entry.outcome;
    let (status, reason, fault) = match &outcome.status {
        Status::Converted if shared.request.dry_run => ("would_convert", None, None),
        Status::Converted => ("converted", None, None),
        Status::Skipped(reason) => ("skipped", Some(*reason), None),
        Status::Failed(fault) => ("failed", None, Some(&**fault)),
    };
    out.push(b'{');
    path(out, "file_path", shown);
    out.extend_from_slice(b",\"status\":");
    string(out, status.as_bytes());
    out.extend_from_slice(b",\"reason\":");
    string_or_null(out, reason.map(|reason| SKIPS[reason.index()].as_bytes()));
    out.extend_from_slice(b",\"kind\":");
    string_or_null(
        out,
        reason.and_then(|reason| Some(reason.kind()?.as_bytes())),
    );
    out.extend_from_slice(b",\"resumed\":");
    boolean(out, outcome.resumed);
    out.extend_from_slice(b",\"from\":");
    string_or_null(out, outcome.from.map(|format| format.name().as_bytes()));
    out.extend_from_slice(b",\"to\":");
    string(out, shared.stored.name().as_bytes());
    out.extend_from_slice(b",\"target_path\":");
    if outcome.has_target {
        let name = shared.target_name(entry.name(parts));
        let prefix = shown.prefix;
        Shown {
            prefix,
            name: &name,
        }
        .write(out);
    } else {
        out.extend_from_slice(b"null");
    }
    out.extend_from_slice(b",\"bytes_before\":");
    number_or_null(out, outcome.bytes_before);
    out.extend_from_slice(b",\"bytes_after\":");
    number_or_null(out, outcome.bytes_after);
    out.extend_from_slice(b",\"respelled\":");
    boolean(out, outcome.respelled);
    out.extend_from_slice(b",\"error\":");
    let message = fault.map(tandem_common::Fault::message);
    string_or_null(out, message.as_deref().map(str::as_bytes));
    error_tail(out, fault);
    out.push(b'}');
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        match &outcome.status {
            Status::Failed(fault) => {
                self.failed += 1;
                self.invalid += u64::from(fault.code.kind() == ErrorKind::Document);
            }
            Status::Skipped(reason) => self.skipped[reason.index()] += 1,
            Status::Converted => {
                self.converted += 1;
                self.bytes_before += outcome.bytes_before.unwrap_or(0);
                self.bytes_after += outcome.bytes_after.unwrap_or(0);
                self.respelled += u64::from(outcome.respelled);
            }
        }
    }

    /// Scratch is left out: this run's own and what it sweeps up would make two runs over one tree differ.
    fn json(&self, batch: &Batch) -> String {
        let count = |skip: Skip| batch.passed_over[skip as usize];
        Totals::new()
            .count("items", batch.entries.len() as u64)
            .count("converted", self.converted)
            .counts("skipped", SKIPS.into_iter().zip(self.skipped))
            .count("failed", self.failed)
            .count("invalid", self.invalid)
            .count("bytes_before", self.bytes_before)
            .count("bytes_after", self.bytes_after)
            .count("respelled", self.respelled)
            .counts(
                "passed_over",
                [
                    ("system", count(Skip::System)),
                    ("not_a_file", count(Skip::NotAFile)),
                    ("linked_folder", count(Skip::LinkedFolder)),
                    ("other_operation", batch.other_operation),
                ],
            )
            .end()
    }
}

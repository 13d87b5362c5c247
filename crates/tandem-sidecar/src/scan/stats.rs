//! The stats report: the summary and the image of each sidecar, and how many images have a sidecar.

use super::item::{Image, Item, Tools, is_unreadable, size_in};
use super::report::Report;
use super::row::{Rows, Shown, boolean, lossy};
use super::time::iso;
use super::totals::{Skipped, Totals};
use crate::document::Inspection;
use crate::formats::{Extension, Format};
use crate::generated::detection::OPERATIONS;
use crate::generated::rows::StatisticsRow;
use crate::pairing::{Finger, ImageLink, Index, covered_at_target};
use crate::summary::Summary;
use sha2::{Digest, Sha256};
use tandem_common::file::{Content, FactsWanted, Unread, Want};
use tandem_common::limits::SNIFF_BYTES;
use tandem_common::walk::EntryKind;
use tandem_common::{Fault, hex};

#[derive(Default)]
pub(super) struct Stats {
    only: Option<usize>,
    images: Images,
    counts: Counts,
    operations: [Operation; OPERATIONS.len()],
}

/// Image counts of the folders that begin in the batch.
#[derive(Default)]
struct Images {
    all: u64,
    covered: u64,
    links: u64,
    broken: u64,
}

#[derive(Default)]
struct Counts {
    valid: u64,
    invalid: u64,
    unreadable: u64,
    other_operation: u64,
}

/// The sums over the valid sidecars of one operation.
#[derive(Clone, Copy, Default)]
struct Operation {
    count: u64,
    timed: u64,
    seconds: f64,
    judged: u64,
    succeeded: u64,
    bytes: u64,
}

impl Stats {
    pub(super) fn new(only: Option<usize>) -> Self {
        Self {
            only,
            ..Self::default()
        }
    }

    fn count(&mut self, verdict: Result<&Summary<'_>, &Fault>, size: u64) {
        let summary = match verdict {
            Ok(summary) => summary,
            Err(fault) if is_unreadable(fault) => return self.counts.unreadable += 1,
            Err(_) => return self.counts.invalid += 1,
        };
        self.counts.valid += 1;
        let operation = &mut self.operations[summary.operation];
        operation.count += 1;
        operation.bytes += size;
        if let Some(seconds) = summary.processing_time.and_then(double) {
            operation.timed += 1;
            operation.seconds += seconds;
        }
        if let Some(success) = summary.success {
            operation.judged += 1;
            operation.succeeded += u64::from(success);
        }
    }
}

impl Report for Stats {
    fn folder(&mut self, index: &Index, path: &[u8]) {
        let finger = Finger::default();
        for image in index.folder.images() {
            let name = index.folder.name(*image);
            let is_link = image.kind != EntryKind::File;
            let covered = index.covers(name, &finger)
                || (is_link && covered_at_target(&[path, name].concat()));
            self.images.all += 1;
            self.images.covered += u64::from(covered);
            self.images.links += u64::from(is_link);
            self.images.broken += u64::from(image.kind == EntryKind::BrokenLink);
        }
    }

    fn failed_folder(&mut self, shown: Shown<'_>, below: &[u8], fault: &Fault, rows: &mut Rows) {
        self.count(Err(fault), 0);
        let row = Row {
            below,
            shown,
            image: None,
            size: None,
            modified_ns: None,
            format: None,
        };
        row.write(Err(fault), rows.next());
    }

    fn file(&mut self, item: &Item<'_>, tools: &mut Tools, rows: &mut Rows) -> u64 {
        let below = item.path_below();
        let row = Row::new(item, &below);
        if item.extension == Extension::Bin {
            // The head of a sealed file is enough. A fault found in the head alone may only mean that the
            // head is too short.
            let head = Want {
                head: SNIFF_BYTES,
                facts: FactsWanted::First,
                ..Want::default()
            };
            if let Ok(content) = item.read(&mut tools.reader, &mut tools.place, head)
                && let facts = content.facts().unwrap_or_default()
                && let Some(inspection) =
                    tools
                        .inspector
                        .summary_only(content.bytes, facts.size, item.extension)
                && (inspection.verdict.is_ok() || content.bytes.len() as u64 == facts.size)
            {
                self.told(row, &inspection, facts.size, &content, rows);
                return content.bytes.len() as u64;
            }
        }
        // Most documents state when they were updated; then the file's time is not queried.
        let want = Want {
            facts: FactsWanted::Late,
            ..Want::default()
        };
        let content = match item.read(&mut tools.reader, &mut tools.place, want) {
            Ok(content) => content,
            Err(unread) => {
                let Unread { fault, facts } = *unread;
                self.count(Err(&fault), 0);
                Row {
                    size: size_in(&fault),
                    modified_ns: facts.map(|facts| facts.modified_ns),
                    ..row
                }
                .write(Err(&fault), rows.next());
                return 0;
            }
        };
        let size = content.bytes.len() as u64;
        if let Some(inspection) = tools
            .inspector
            .summary_only(content.bytes, size, item.extension)
        {
            self.told(row, &inspection, size, &content, rows);
        } else {
            let inspection = tools.inspector.inspect(content.bytes, item.extension);
            self.told(row, &inspection, size, &content, rows);
        }
        size
    }

    fn close(&mut self, skipped: &mut Skipped) -> (u64, String) {
        let Counts {
            valid,
            invalid,
            unreadable,
            other_operation,
        } = std::mem::take(&mut self.counts);
        let images = std::mem::take(&mut self.images);
        skipped.other_operation = other_operation;
        let items = valid + invalid + unreadable;
        let totals = Totals::new().count("items", items);
        let totals = totals
            .count("images", images.all)
            .count("covered", images.covered);
        let totals = totals
            .count("symlinks", images.links)
            .count("broken_symlinks", images.broken);
        let totals = totals
            .count("valid", valid)
            .count("invalid", invalid)
            .count("unreadable", unreadable);
        let operations = OPERATIONS.iter().zip(std::mem::take(&mut self.operations));
        let told = operations.filter(|(_, sums)| sums.count > 0);
        let operations = told.fold(Totals::new(), |object, (operation, sums)| {
            let one = Totals::new()
                .count("count", sums.count)
                .count("timed", sums.timed);
            let one = one
                .double("seconds", sums.seconds)
                .count("judged", sums.judged);
            object.object(
                operation.name,
                one.count("succeeded", sums.succeeded)
                    .count("bytes", sums.bytes),
            )
        });
        (
            items,
            totals
                .object("operations", operations)
                .skipped(skipped)
                .end(),
        )
    }
}

impl Stats {
    fn told(
        &mut self,
        row: Row<'_>,
        inspection: &Inspection<'_>,
        size: u64,
        content: &Content<'_>,
        rows: &mut Rows,
    ) {
        let verdict = inspection.verdict.as_ref();
        if let (Some(only), Ok(summary)) = (self.only, verdict)
            && summary.operation != only
        {
            self.counts.other_operation += 1;
            return;
        }
        self.count(verdict, size);
        let says_when = verdict.is_ok_and(|summary| summary.last_updated.is_some());
        let facts = if says_when { None } else { content.facts() };
        let row = Row {
            size: Some(size),
            modified_ns: facts.map(|facts| facts.modified_ns),
            format: inspection.format,
            ..row
        };
        row.write(verdict, rows.next());
    }
}

struct Row<'a> {
    /// The raw path below the root.
    below: &'a [u8],
    shown: Shown<'a>,
    image: Option<Image<'a>>,
    /// None if the file could not be opened.
    size: Option<u64>,
    modified_ns: Option<i128>,
    format: Option<Format>,
}

impl<'a> Row<'a> {
    fn new(item: &Item<'a>, below: &'a [u8]) -> Self {
        Self {
            below,
            shown: item.shown(),
            image: item.image(),
            size: None,
            modified_ns: None,
            format: None,
        }
    }

    fn write(&self, verdict: Result<&Summary<'_>, &Fault>, out: &mut Vec<u8>) {
        let (summary, fault) = (verdict.ok(), verdict.err());
        let said = summary.and_then(|summary| summary.last_updated.as_deref());
        // If the document does not state when it was updated, the time of the file is used.
        let modified = self.modified_ns.filter(|_| said.is_none()).and_then(iso);
        let row = StatisticsRow {
            id: &hex(&Sha256::digest(self.below)[..8]),
            image_path: self.image.as_ref().map(|image| image.shown),
            sidecar_path: self.shown,
            operation: summary.map(|summary| OPERATIONS[summary.operation].name),
            symlink_info: &|out| self.write_link(out),
            created_at: summary.and_then(|summary| summary.created_at.as_deref()),
            last_updated: said.or(modified.as_deref().map(str::as_bytes)),
            data_size: self.size,
            is_valid: fault.is_none(),
            format: self.format.map(Format::name),
            error_code: fault.map(|fault| fault.code.code()),
        };
        row.json(out);
    }

    fn write_link(&self, out: &mut Vec<u8>) {
        let link = self
            .image
            .as_ref()
            .and_then(|image| Some((image, ImageLink::read(&image.shown.raw(), image.entry)?)));
        let Some((image, link)) = link else {
            out.extend_from_slice(b"null");
            return;
        };
        out.extend_from_slice(b"{\"symlink_path\":");
        image.shown.write(out);
        out.extend_from_slice(b",\"target_path\":");
        lossy(out, &link.target);
        out.extend_from_slice(b",\"is_symlink\":true,\"broken\":");
        boolean(out, link.broken);
        out.push(b'}');
    }
}

fn double(spelling: &[u8]) -> Option<f64> {
    std::str::from_utf8(spelling).ok()?.parse().ok()
}

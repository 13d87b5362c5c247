//! The orphans report: the sidecars without an image. It is the plan of cleanup, which proves each orphan
//! again before it moves it.

use super::item::{Item, Stands, Tools, size_in};
use super::report::Report;
use super::request::ScanRequest;
use super::row::{Prefix, Rows, Shown};
use super::totals::{Skipped, Totals};
use crate::generated::detection::OPERATIONS;
use crate::generated::rows::PlanRow;
use crate::pairing::{Index, is_image_there};
use crate::summary::{Ownership, Summary};
use tandem_common::Fault;
use tandem_common::file::{Facts, FactsWanted, Unread, Want};

/// Why a sidecar without an image beside it is left in place, in the order of the totals.
const LEFT: [&str; 5] = [
    "not_a_sidecar",
    "unreadable",
    "image_elsewhere",
    "image_uncertain",
    "link",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Orphan,
    /// Index into `LEFT`.
    Left(usize),
}

const NOT_A_SIDECAR: Verdict = Verdict::Left(0);
const UNREADABLE: Verdict = Verdict::Left(1);
const IMAGE_ELSEWHERE: Verdict = Verdict::Left(2);
const IMAGE_UNCERTAIN: Verdict = Verdict::Left(3);
const LINK: Verdict = Verdict::Left(4);

#[derive(Default)]
pub(super) struct Orphans {
    only: Option<usize>,
    /// Raw, with a trailing slash; empty with a list.
    root: Vec<u8>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    images: u64,
    paired: u64,
    orphans: u64,
    left: [u64; LEFT.len()],
    other_operation: u64,
}

impl Orphans {
    pub(super) fn new(only: Option<usize>, request: &ScanRequest) -> Self {
        Self {
            only,
            root: Prefix::new(&request.root).raw,
            counts: Counts::default(),
        }
    }

    fn write(&mut self, row: &Row<'_>, rows: &mut Rows) {
        match row.verdict {
            Verdict::Orphan => self.counts.orphans += 1,
            Verdict::Left(reason) => self.counts.left[reason] += 1,
        }
        row.write(rows.next());
    }

    fn judge(&self, summary: &Summary<'_>, item: &Item<'_>) -> Verdict {
        if summary.ownership != Ownership::Ours {
            return NOT_A_SIDECAR;
        }
        let folder = &item.prefix.raw;
        match summary.image_path.as_deref() {
            Some(image) if is_image_there(image, folder, &self.root) => IMAGE_ELSEWHERE,
            _ if item.may_have_image() => IMAGE_UNCERTAIN,
            _ => Verdict::Orphan,
        }
    }
}

impl Report for Orphans {
    fn folder(&mut self, index: &Index, _path: &[u8]) {
        self.counts.images += index.folder.images().len() as u64;
    }

    fn failed_folder(&mut self, shown: Shown<'_>, _below: &[u8], _fault: &Fault, rows: &mut Rows) {
        self.write(
            &Row {
                shown,
                verdict: UNREADABLE,
                kind: None,
                operation: None,
                size: None,
                facts: None,
            },
            rows,
        );
    }

    fn file(&mut self, item: &Item<'_>, tools: &mut Tools, rows: &mut Rows) -> u64 {
        if item.image().is_some() {
            self.counts.paired += 1;
            return 0;
        }
        let row = Row {
            shown: item.shown(),
            verdict: UNREADABLE,
            kind: None,
            operation: None,
            size: None,
            facts: None,
        };
        if matches!(item.stands, Stands::Link | Stands::BrokenLink) {
            self.write(
                &Row {
                    verdict: LINK,
                    ..row
                },
                rows,
            );
            return 0;
        }
        let want = Want {
            facts: FactsWanted::First,
            ..Want::default()
        };
        let content = match item.read(&mut tools.reader, &mut tools.place, want) {
            Ok(content) => content,
            Err(unread) => {
                let Unread { fault, facts } = *unread;
                self.write(
                    &Row {
                        size: size_in(&fault),
                        facts,
                        ..row
                    },
                    rows,
                );
                return 0;
            }
        };
        let size = content.bytes.len() as u64;
        let row = Row {
            size: Some(size),
            facts: content.facts(),
            ..row
        };
        let inspection = tools.inspector.inspect(content.bytes, item.extension);
        let Ok(summary) = &inspection.verdict else {
            // An invalid document may not be a sidecar, so it is not moved.
            self.write(&row, rows);
            return size;
        };
        if self.only.is_some_and(|only| only != summary.operation) {
            self.counts.other_operation += 1;
            return size;
        }
        // If the folder of a listed file cannot be read, its images are unknown.
        let unknown = item
            .index
            .is_none_or(|index| index.folder.failure.is_some());
        let verdict = if unknown {
            UNREADABLE
        } else {
            self.judge(summary, item)
        };
        self.write(
            &Row {
                verdict,
                kind: summary.ownership.foreign(),
                operation: Some(OPERATIONS[summary.operation].name),
                ..row
            },
            rows,
        );
        size
    }

    fn close(&mut self, skipped: &mut Skipped) -> (u64, String) {
        let Counts {
            images,
            paired,
            orphans,
            left,
            other_operation,
        } = std::mem::take(&mut self.counts);
        skipped.other_operation = other_operation;
        let items = paired + orphans + left.iter().sum::<u64>();
        let totals = Totals::new().count("items", items).count("images", images);
        let totals = totals.count("paired", paired).count("orphans", orphans);
        (
            items,
            totals
                .counts("left", LEFT.into_iter().zip(left))
                .skipped(skipped)
                .end(),
        )
    }
}

struct Row<'a> {
    shown: Shown<'a>,
    verdict: Verdict,
    /// The kind of another program's document.
    kind: Option<&'static str>,
    operation: Option<&'static str>,
    size: Option<u64>,
    facts: Option<Facts>,
}

impl Row<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        let fact = |of: fn(Facts) -> String| self.facts.map(of);
        let device = fact(|facts| facts.device.to_string());
        let inode = fact(|facts| facts.inode.to_string());
        let modified = fact(|facts| facts.modified_ns.to_string());
        let row = PlanRow {
            sidecar_path: self.shown,
            verdict: match self.verdict {
                Verdict::Orphan => "orphan",
                Verdict::Left(reason) => LEFT[reason],
            },
            kind: self.kind.filter(|_| self.verdict == NOT_A_SIDECAR),
            operation: self.operation,
            data_size: self.size,
            device: device.as_deref(),
            inode: inode.as_deref(),
            mtime_ns: modified.as_deref(),
        };
        row.json(out);
    }
}

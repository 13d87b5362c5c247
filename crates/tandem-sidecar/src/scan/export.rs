//! The export report: the summary of each sidecar, as JSON rows or csv.

use super::item::{Image, Item, Tools, size_in};
use super::report::Report;
use super::request::ScanRequest;
use super::row::{Rows, Shown};
use super::tally::VerdictTally;
use super::totals::Skipped;
use crate::document::Body;
use crate::formats::Format;
use crate::generated::detection::OPERATIONS;
use crate::generated::rows::ExportRow;
use crate::summary::Summary;
use tandem_common::Fault;
use tandem_common::file::Want;
use tandem_json::write::write_json;

#[derive(Default)]
pub(super) struct Export {
    only: Option<usize>,
    csv: bool,
    with_document: bool,
    tally: VerdictTally,
}

impl Export {
    pub(super) fn new(only: Option<usize>, request: &ScanRequest) -> Self {
        let csv = request.separator == "\r\n";
        Self {
            only,
            csv,
            with_document: request.with_document && !csv,
            tally: VerdictTally::default(),
        }
    }

    fn write(&self, row: &Row<'_>, rows: &mut Rows) {
        if self.csv {
            row.values().csv(rows.next());
        } else {
            row.json(self.with_document, rows.next());
        }
    }
}

impl Report for Export {
    fn failed_folder(&mut self, shown: Shown<'_>, _below: &[u8], fault: &Fault, rows: &mut Rows) {
        self.tally.count(Some(fault));
        self.write(&Row::new(shown, None, Err(fault)), rows);
    }

    fn file(&mut self, item: &Item<'_>, tools: &mut Tools, rows: &mut Rows) -> u64 {
        let content = match item.read(&mut tools.reader, &mut tools.place, Want::default()) {
            Ok(content) => content,
            Err(unread) => {
                let fault = unread.fault;
                self.tally.count(Some(&fault));
                let row = Row {
                    size: size_in(&fault),
                    ..Row::new(item.shown(), item.image(), Err(&fault))
                };
                self.write(&row, rows);
                return 0;
            }
        };
        let size = content.bytes.len() as u64;
        let inspection = tools.inspector.inspect(content.bytes, item.extension);
        let verdict = inspection.verdict.as_ref();
        if let (Some(only), Ok(summary)) = (self.only, verdict)
            && summary.operation != only
        {
            self.tally.other_operation += 1;
            return size;
        }
        self.tally.count(verdict.err());
        let row = Row {
            size: Some(size),
            format: inspection.format,
            body: inspection.body,
            ..Row::new(item.shown(), item.image(), verdict)
        };
        self.write(&row, rows);
        size
    }

    fn close(&mut self, skipped: &mut Skipped) -> (u64, String) {
        self.tally.close(skipped)
    }
}

struct Row<'a> {
    shown: Shown<'a>,
    image: Option<Image<'a>>,
    verdict: Result<&'a Summary<'a>, &'a Fault>,
    size: Option<u64>,
    format: Option<Format>,
    body: Option<Body<'a>>,
}

impl<'a> Row<'a> {
    fn new(
        shown: Shown<'a>,
        image: Option<Image<'a>>,
        verdict: Result<&'a Summary<'a>, &'a Fault>,
    ) -> Self {
        Self {
            shown,
            image,
            verdict,
            size: None,
            format: None,
            body: None,
        }
    }

    /// The values that both layouts write.
    fn values(&self) -> ExportRow<'a> {
        let (summary, fault) = (self.verdict.ok(), self.verdict.err());
        ExportRow {
            sidecar_path: self.shown,
            image_path: self.image.as_ref().map(|image| image.shown),
            operation: summary.map(|summary| OPERATIONS[summary.operation].name),
            detection_count: summary.map_or(0, |summary| summary.detections),
            tool_name: summary.and_then(|summary| summary.tool.as_deref()),
            success: summary.and_then(|summary| summary.success),
            processing_time: summary.and_then(|summary| summary.processing_time),
            created_at: summary.and_then(|summary| summary.created_at.as_deref()),
            last_updated: summary.and_then(|summary| summary.last_updated.as_deref()),
            data_size: self.size,
            format: self.format.map(Format::name),
            is_valid: fault.is_none(),
            error_code: fault.map(|fault| fault.code.code()),
        }
    }

    fn json(&self, with_document: bool, out: &mut Vec<u8>) {
        self.values().json(out);
        if with_document {
            out.extend_from_slice(b",\"document\":");
            document(out, self.body.as_ref());
        }
        out.push(b'}');
    }
}

/// Writes a document as stored, on one line; an archive is written out. A raw line break in valid JSON is
/// always white space, so a space is equivalent. The documents of a batch may be too large for memory.
fn document(out: &mut Vec<u8>, body: Option<&Body<'_>>) {
    let room = match body {
        None => {
            out.extend_from_slice(b"null");
            true
        }
        Some(Body::Text(text)) => {
            let room = out.try_reserve(text.len()).is_ok();
            if room {
                out.extend(text.iter().map(|byte| match byte {
                    b'\n' | b'\r' => b' ',
                    other => *other,
                }));
            }
            room
        }
        Some(Body::Archive(tape)) => write_json(out, tape, 0).is_ok(),
    };
    // A panic is an engine error and not an abort: the other engine repeats the batch.
    assert!(room, "out of memory for the documents of a batch");
}

//! The validate report: the verdict and the summary of each file.

use super::item::{Item, Tools, size_in};
use super::report::Report;
use super::row::{Rows, Shown, number, string};
use super::tally::VerdictTally;
use super::totals::Skipped;
use crate::formats::Format;
use crate::generated::detection::OPERATIONS;
use crate::generated::rows::ValidationRow;
use crate::lint::Finding;
use crate::summary::Summary;
use std::time::Duration;
use tandem_common::Fault;
use tandem_common::file::Want;

#[derive(Default)]
pub(super) struct Validate {
    /// Index into `OPERATIONS`: valid documents of other operations have no row.
    only: Option<usize>,
    tally: VerdictTally,
}

impl Validate {
    pub(super) fn new(only: Option<usize>) -> Self {
        Self {
            only,
            tally: VerdictTally::default(),
        }
    }
}

impl Report for Validate {
    fn failed_folder(&mut self, shown: Shown<'_>, _below: &[u8], fault: &Fault, rows: &mut Rows) {
        self.tally.count(Some(fault));
        Row {
            shown,
            took: Duration::ZERO,
            size: None,
            format: None,
            findings: &[],
        }
        .write(Err(fault), rows.next());
    }

    fn file(&mut self, item: &Item<'_>, tools: &mut Tools, rows: &mut Rows) -> u64 {
        let shown = item.shown();
        let content = match item.read(&mut tools.reader, &mut tools.place, Want::default()) {
            Ok(content) => content,
            Err(unread) => {
                let fault = unread.fault;
                self.tally.count(Some(&fault));
                let row = Row {
                    shown,
                    took: item.begun.elapsed(),
                    size: size_in(&fault),
                    format: None,
                    findings: &[],
                };
                row.write(Err(&fault), rows.next());
                return 0;
            }
        };
        let size = content.bytes.len() as u64;
        let inspection = tools.inspector.inspect(content.bytes, item.extension);
        if let (Some(only), Ok(summary)) = (self.only, &inspection.verdict)
            && summary.operation != only
        {
            self.tally.other_operation += 1;
            return size;
        }
        self.tally.count(inspection.verdict.as_ref().err());
        let row = Row {
            shown,
            took: item.begun.elapsed(),
            size: Some(size),
            format: inspection.format,
            findings: &inspection.findings,
        };
        row.write(inspection.verdict.as_ref(), rows.next());
        size
    }

    fn close(&mut self, skipped: &mut Skipped) -> (u64, String) {
        self.tally.close(skipped)
    }
}

struct Row<'a> {
    shown: Shown<'a>,
    took: Duration,
    /// None if the file could not be opened.
    size: Option<u64>,
    format: Option<Format>,
    findings: &'a [Finding],
}

impl Row<'_> {
    fn write(&self, verdict: Result<&Summary<'_>, &Fault>, out: &mut Vec<u8>) {
        let (summary, fault) = (verdict.ok(), verdict.err());
        let message = fault.map(Fault::message);
        let row = ValidationRow {
            file_path: self.shown,
            is_valid: fault.is_none(),
            error: message.as_deref().map(str::as_bytes),
            processing_time: self.took,
            file_size: self.size,
            detection_count: summary.map_or(0, |summary| summary.detections),
            tool_name: summary.and_then(|summary| summary.tool.as_deref()),
            operation_type: summary.map(|summary| OPERATIONS[summary.operation].legacy),
            format: self.format.map(Format::name),
            fault,
            findings: &|out| list(out, self.findings),
        };
        row.json(out);
    }
}

fn list(out: &mut Vec<u8>, findings: &[Finding]) {
    out.push(b'[');
    for (place, finding) in findings.iter().enumerate() {
        out.extend_from_slice(if place > 0 {
            b",{\"finding\":"
        } else {
            b"{\"finding\":"
        });
        string(out, finding.name.as_bytes());
        out.extend_from_slice(b",\"offset\":");
        number(out, finding.offset);
        out.push(b'}');
    }
    out.push(b']');
}

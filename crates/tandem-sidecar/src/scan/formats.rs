//! The format-stats report: the formats of files, and whether their names match.

use super::item::{Item, Tools};
use super::report::Report;
use super::row::{Rows, Shown};
use super::totals::{Skipped, Totals};
use crate::formats::detect::{Sniffed, sniff};
use crate::formats::{Extension, Format};
use crate::generated::rows::FormatFinding;
use tandem_common::Fault;
use tandem_common::file::{FactsWanted, Want};
use tandem_common::limits::SNIFF_BYTES;

#[derive(Default)]
pub(super) struct Formats {
    items: u64,
    /// In the order of `Extension::ALL`.
    by_extension: [u64; Extension::ALL.len()],
    /// Counted by extension, and here again.
    legacy: u64,
}

impl Formats {
    /// `content` is None for a file that is empty, unreadable or of no known format.
    fn count(&mut self, extension: Extension, content: Option<Format>) {
        self.items += 1;
        let counted = content.and_then(Format::extension).unwrap_or(extension);
        self.legacy += u64::from(content == Some(Format::Legacy));
        self.by_extension[counted as usize] += 1;
    }
}

impl Report for Formats {
    fn failed_folder(&mut self, shown: Shown<'_>, _below: &[u8], _fault: &Fault, rows: &mut Rows) {
        self.items += 1;
        write(rows.next(), &shown, "unreadable", None, None);
    }

    fn file(&mut self, item: &Item<'_>, tools: &mut Tools, rows: &mut Rows) -> u64 {
        let want = Want {
            head: SNIFF_BYTES,
            facts: FactsWanted::First,
            unlimited: true,
            steady: false,
        };
        let Ok(content) = item.read(&mut tools.reader, &mut tools.place, want) else {
            self.count(item.extension, None);
            write(
                rows.next(),
                &item.shown(),
                "unreadable",
                Some(item.extension),
                None,
            );
            return 0;
        };
        let size = content.facts().map_or(0, |facts| facts.size);
        let sniffed = sniff(content.bytes, size);
        let format = sniffed.format();
        self.count(item.extension, format);
        let finding = match (sniffed, format) {
            (Sniffed::Empty, _) => Some("empty"),
            (_, Some(format)) if item.extension.promises(format) => None,
            (_, Some(_)) => Some("extension_mismatch"),
            (_, None) => Some("unknown_format"),
        };
        if let Some(finding) = finding {
            write(
                rows.next(),
                &item.shown(),
                finding,
                Some(item.extension),
                format,
            );
        }
        content.bytes.len() as u64
    }

    fn close(&mut self, skipped: &mut Skipped) -> (u64, String) {
        let Self {
            items,
            by_extension,
            legacy,
        } = std::mem::take(self);
        let mut totals = Totals::new().count("items", items);
        for (extension, count) in Extension::ALL.into_iter().zip(by_extension) {
            totals = totals.count(extension.name(), count);
        }
        (items, totals.count("legacy", legacy).skipped(skipped).end())
    }
}

fn write(
    out: &mut Vec<u8>,
    shown: &Shown<'_>,
    finding: &str,
    extension: Option<Extension>,
    content: Option<Format>,
) {
    let row = FormatFinding {
        file_path: *shown,
        finding,
        extension: extension.map(Extension::name),
        content: content.map(Format::name),
    };
    row.json(out);
}

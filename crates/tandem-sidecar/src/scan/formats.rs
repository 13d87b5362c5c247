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
    json: u64,
    bin: u64,
    rkyv: u64,
    /// Counted by extension, and here again.
    legacy: u64,
}

impl Formats {
    /// `content` is None for a file that is empty, unreadable or of no known format.
    fn count(&mut self, extension: Extension, content: Option<Format>) {
        self.items += 1;
        let counted = match content {
            Some(Format::Json) => Extension::Json,
            Some(Format::Bin) => Extension::Bin,
            Some(Format::Rkyv) => Extension::Rkyv,
            Some(Format::Legacy) | None => extension,
        };
        self.legacy += u64::from(content == Some(Format::Legacy));
        match counted {
            Extension::Json => self.json += 1,
            Extension::Bin => self.bin += 1,
            Extension::Rkyv => self.rkyv += 1,
        }
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
            json,
            bin,
            rkyv,
            legacy,
        } = std::mem::take(self);
        let totals = Totals::new()
            .count("items", items)
            .count("json", json)
            .count("bin", bin);
        (
            items,
            totals
                .count("rkyv", rkyv)
                .count("legacy", legacy)
                .skipped(skipped)
                .end(),
        )
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

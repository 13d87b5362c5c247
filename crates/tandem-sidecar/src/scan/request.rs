//! The request for a scan: flat, complete and checked by the caller.

use crate::pairing::{classify, classify_sidecars, classify_unknown};
use tandem_common::walk::Classify;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    Validate,
    Stats,
    Formats,
    Export,
    Orphans,
}

impl ReportKind {
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "validate" => Self::Validate,
            "stats" => Self::Stats,
            "formats" => Self::Formats,
            "export" => Self::Export,
            "orphans" => Self::Orphans,
            _ => return None,
        })
    }

    /// Whether the report needs the image to which a sidecar belongs.
    #[must_use]
    pub fn pairs(self) -> bool {
        matches!(self, Self::Stats | Self::Export | Self::Orphans)
    }

    /// The names that the report needs.
    #[must_use]
    pub fn classify(self) -> Classify {
        match self {
            Self::Validate | Self::Formats => classify_sidecars,
            Self::Stats | Self::Export => classify,
            Self::Orphans => classify_unknown,
        }
    }
}

/// `ScanRequest` of packages/sidecar/src/engines/requests.ts, field by field.
#[derive(Clone, Debug)]
pub struct ScanRequest {
    pub report: ReportKind,
    /// Raw bytes, without trailing slashes; empty with a list.
    pub root: Vec<u8>,
    /// Raw paths of files, instead of a folder.
    pub list: Option<Vec<Vec<u8>>>,
    /// An operation in `snake_case`, or empty for all.
    pub operation: String,
    pub lint: bool,
    /// The separator between two rows; `\r\n` makes export write csv.
    pub separator: String,
    pub with_document: bool,
    pub max_size: u64,
    pub max_depth: u32,
    pub workers: usize,
    /// The cursor of the last delivered batch, or empty to begin.
    pub after: String,
}

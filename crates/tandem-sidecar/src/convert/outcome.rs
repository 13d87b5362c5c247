//! The outcome of one file; in a dry run, the outcome that it would have.

use crate::formats::Format;
use tandem_common::{ErrorCode, Fault};

/// Why a file is left unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    Already,
    /// With the kind of another program's document, if known.
    NotASidecar(Option<&'static str>),
}

impl Skip {
    /// The reason as rows spell it.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Already => "already",
            Self::NotASidecar(_) => "not_a_sidecar",
        }
    }

    #[must_use]
    pub fn kind(self) -> Option<&'static str> {
        match self {
            Self::NotASidecar(kind) => kind,
            Self::Already => None,
        }
    }
}

#[derive(Debug)]
pub enum Status {
    /// The document belongs to another operation and has no row.
    LeftOut,
    Converted,
    Skipped(Skip),
    Failed(Box<Fault>),
}

#[derive(Debug)]
pub struct Outcome {
    pub status: Status,
    pub from: Option<Format>,
    /// Whether the row names the target.
    pub has_target: bool,
    /// None if the file could not be opened.
    pub bytes_before: Option<u64>,
    pub bytes_after: Option<u64>,
    /// Whether white space or the spelling of escapes was lost.
    pub respelled: bool,
}

impl Outcome {
    fn new(status: Status) -> Self {
        Self {
            status,
            from: None,
            has_target: false,
            bytes_before: None,
            bytes_after: None,
            respelled: false,
        }
    }

    pub(super) fn left_out() -> Self {
        Self::new(Status::LeftOut)
    }

    pub(super) fn converted() -> Self {
        Self::new(Status::Converted)
    }

    pub(super) fn skipped(reason: Skip) -> Self {
        Self::new(Status::Skipped(reason))
    }

    pub(super) fn failed(fault: Fault) -> Self {
        Self::new(Status::Failed(Box::new(fault)))
    }

    pub(super) fn code(code: ErrorCode) -> Self {
        Self::failed(Fault::new(code))
    }

    /// Adds format and size of a file that was read.
    pub(super) fn read(self, from: Option<Format>, bytes: u64) -> Self {
        Self {
            from,
            bytes_before: Some(bytes),
            ..self
        }
    }

    pub(super) fn with_target(self) -> Self {
        Self {
            has_target: true,
            ..self
        }
    }
}

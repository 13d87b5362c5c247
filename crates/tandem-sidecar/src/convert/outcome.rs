//! What became of one file; in a dry run, what would.

use crate::formats::Format;
use tandem_common::{ErrorCode, Fault};

/// Why a file is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skip {
    Already,
    /// With the kind of another program's document, where that is known.
    NotASidecar(Option<&'static str>),
    Link,
    /// A link of the tree leads to it, and would lead nowhere.
    Linked,
}

/// The words for `Skip`, by `Skip::index`, which is also their order in the totals.
pub(super) const SKIPS: [&str; 4] = ["already", "not_a_sidecar", "link", "linked"];

impl Skip {
    pub(super) fn index(self) -> usize {
        match self {
            Self::Already => 0,
            Self::NotASidecar(_) => 1,
            Self::Link => 2,
            Self::Linked => 3,
        }
    }

    pub(super) fn kind(self) -> Option<&'static str> {
        match self {
            Self::NotASidecar(kind) => kind,
            Self::Already | Self::Link | Self::Linked => None,
        }
    }
}

#[derive(Debug)]
pub(super) enum Status {
    Converted,
    Skipped(Skip),
    Failed(Box<Fault>),
}

#[derive(Debug)]
pub(super) struct Outcome {
    pub status: Status,
    /// An earlier run had put the target there already.
    pub resumed: bool,
    pub from: Option<Format>,
    /// The row names the target.
    pub has_target: bool,
    /// None where the file could not be opened.
    pub bytes_before: Option<u64>,
    pub bytes_after: Option<u64>,
    /// White space or the spelling of escapes was lost.
    pub respelled: bool,
}

impl Outcome {
    fn new(status: Status) -> Self {
        Self {
            status,
            resumed: false,
            from: None,
            has_target: false,
            bytes_before: None,
            bytes_after: None,
            respelled: false,
        }
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

    /// With what is known of a file that was read.
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

    /// What would have been written is no longer told.
    pub(super) fn fail(&mut self, fault: Fault) {
        self.status = Status::Failed(Box::new(fault));
        self.resumed = false;
        self.bytes_after = None;
        self.respelled = false;
    }
}

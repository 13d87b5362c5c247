//! What a file is, whether it is right, and what it says: the formats, the scanner and the summary behind one door.

use tandem_common::Fault;

use crate::formats::{Extension, Format};
use crate::json::lint::Finding;
use crate::json::tape::Tape;
use crate::summary::Summary;

/// What is untrusted has limits. A size above 4 GiB - 1 is taken as that: tapes count in u32.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a file.
    pub max_size: u64,
    pub max_depth: u32,
}

/// The answer about one file. It borrows from the file's bytes and from the inspector.
#[derive(Debug)]
pub struct Inspection<'a> {
    /// By content; `None` where nothing of ours was recognised.
    pub format: Option<Format>,
    pub verdict: Result<Summary<'a>, Fault>,
    /// Sorted by offset, then by name.
    pub findings: Vec<Finding>,
    /// The document, where the verdict is good.
    pub body: Option<Body<'a>>,
}

/// A valid document as it is stored.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// The JSON text as it stands in the file (json, bin, legacy).
    Text(&'a [u8]),
    /// The tape of an archive.
    Archive(Tape<'a>),
}

/// A document read in full.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    pub format: Format,
    pub tape: Tape<'a>,
    pub body: Body<'a>,
}

/// Tells of one file after another; it keeps its buffers, so use one for each thread.
pub struct Inspector {
    limits: Limits,
    lint: bool,
}

impl Inspector {
    #[must_use]
    pub fn new(limits: Limits, lint: bool) -> Self {
        Self { limits, lint }
    }

    /// Inspects a whole file.
    pub fn inspect<'a>(&'a mut self, bytes: &'a [u8], extension: Extension) -> Inspection<'a> {
        let _ = (bytes, extension, self.lint, self.limits);
        Inspection {
            format: None,
            verdict: Err(Fault::at(tandem_common::ErrorCode::UnknownFormat, 0)),
            findings: Vec::new(),
            body: None,
        }
    }

    /// As `inspect`, but a sealed file (bin) is answered from its summary block alone. `head` holds the first bytes of a file of
    /// `size` bytes; `None` where the whole file is needed. The body of such an answer is `None`.
    pub fn summary_only<'a>(
        &'a mut self,
        head: &'a [u8],
        size: u64,
        extension: Extension,
    ) -> Option<Inspection<'a>> {
        let _ = (head, size, extension, self.lint);
        None
    }

    /// The full tape of a whole file.
    pub fn open<'a>(
        &'a mut self,
        bytes: &'a [u8],
        extension: Extension,
    ) -> Result<Document<'a>, Fault> {
        let _ = (bytes, extension, self.lint);
        Err(Fault::at(tandem_common::ErrorCode::UnknownFormat, 0))
    }
}

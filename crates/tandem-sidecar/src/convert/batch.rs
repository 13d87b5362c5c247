//! A batch of the walk while its files are under way.

use super::outcome::{Outcome, Status};
use super::rows::BatchRows;
use crate::pairing::Index;
use std::ops::Range;
use std::sync::Arc;
use tandem_common::durable::{FileId, Status as FileStatus};
use tandem_common::path::stem;
use tandem_common::walk::{self, SkipCounts};

/// Candidates of one folder.
pub(super) struct Part {
    pub index: Arc<Index>,
    /// Those that are still to be planned.
    pub left: Range<usize>,
    /// Nothing of the folder came before, and it is still to be swept.
    pub is_first: bool,
    /// The raw path of the folder.
    pub path: Arc<[u8]>,
}

#[derive(Clone, Copy)]
pub(super) enum Named {
    File(walk::Entry),
    /// The row is of the folder itself.
    Folder,
}

/// One row to be.
pub(super) struct Entry {
    pub part: usize,
    pub named: Named,
    pub outcome: Outcome,
}

/// How far a conversion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its new bytes are in a staged file, or it found its target.
    Staged,
    /// The sync that makes these bytes durable is under way.
    Writing,
    /// They are durable, or nobody asked for that.
    Written,
    /// Its target has its name and was read back.
    Proved,
    /// The sync that makes the name durable is under way.
    Naming,
    /// All there is to do is to remove the source.
    Secure,
    /// Nothing more is to be done: it has failed, or its source is removed.
    Over,
}

/// What a source was when it was read: it is removed or replaced only as long as it still is that.
pub(super) struct SourceFile {
    pub id: FileId,
    pub size: u64,
    pub modified_ns: i128,
    /// SHA-256 of its bytes where its times alone could not tell a change.
    pub digest: Option<Box<[u8; 32]>>,
}

/// One file that is to be converted, from its plan to its end.
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Work {
    /// Its row.
    pub entry: usize,
    pub stage: Stage,
    pub source: SourceFile,
    /// Of the source; its target gets what it says of owner, permissions and times.
    pub status: FileStatus,
    /// All of the target; let go of when it is proved.
    pub bytes: Vec<u8>,
    /// Of the staged file's name; 0 for none.
    pub staged: u64,
    /// Of the staged file, and then of its target.
    pub made: FileId,
    /// The target is the source itself: it is replaced.
    pub in_place: bool,
    /// The target was there already and says the same.
    pub is_there: bool,
    /// The target's name is held by the claim of a run that died: it is removed first.
    pub is_claimed: bool,
    /// This run gave the target its name.
    pub placed: bool,
    /// The target as it was read back.
    pub proved: Option<Box<ProvedFile>>,
}

/// A file that was read back and held the bytes that it was to hold, as it was then.
pub(super) struct ProvedFile {
    pub id: FileId,
    pub size: u64,
    pub changed_ns: i128,
    /// SHA-256 of its bytes.
    pub digest: [u8; 32],
}

pub(super) struct Batch {
    /// Its place among the batches of the run, from 0.
    pub number: u64,
    pub cursor: String,
    pub parts: Vec<Part>,
    /// The first part that has files to be planned.
    pub at: usize,
    pub entries: Vec<Entry>,
    pub works: Vec<Work>,
    pub passed_over: SkipCounts,
    pub other_operation: u64,
    /// Bytes read.
    pub bytes: u64,
    /// The words of a panic that ended it.
    pub panic: Option<String>,
    pub rows: BatchRows,
    /// A source could not be removed after the rows were written.
    pub has_failed_late: bool,
}

impl Batch {
    pub(super) fn is_planned(&self) -> bool {
        self.at >= self.parts.len()
    }

    /// Candidates that are still to be planned.
    pub(super) fn left(&self) -> usize {
        let parts = self.parts.iter().skip(self.at);
        parts.map(|part| part.left.len()).sum()
    }

    pub(super) fn failed(&self) -> usize {
        let failed = |entry: &&Entry| matches!(entry.outcome.status, Status::Failed(_));
        self.entries.iter().filter(failed).count()
    }

    /// Its rows are what they will be, but for sources that cannot be removed.
    pub(super) fn is_ready(&self) -> bool {
        let done = |work: &Work| matches!(work.stage, Stage::Secure | Stage::Over);
        self.is_planned() && self.works.iter().all(done)
    }
}

impl Entry {
    /// The file's name; nothing for a folder.
    pub(super) fn name<'a>(&self, parts: &'a [Part]) -> &'a [u8] {
        match self.named {
            Named::File(entry) => parts[self.part].index.folder.name(entry),
            Named::Folder => b"",
        }
    }
}

/// The name a file gets in another format: its extension replaced.
pub(super) fn target_name(name: &[u8], extension: &str) -> Vec<u8> {
    [stem(name), b".", extension.as_bytes()].concat()
}

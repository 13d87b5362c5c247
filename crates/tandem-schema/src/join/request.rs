use std::ops::Range;
use tandem_common::limits::{JOIN_LEAST_BATCH_FILES, JOIN_MOST_BATCH_FILES};

/// A complete and checked request; there are no defaults here. The terms are those of `spec/schema/join.md`.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
pub struct JoinRequest {
    /// Raw bytes.
    pub paths: Vec<Vec<u8>>,
    /// One per path.
    pub labels: Vec<Vec<u8>>,
    pub pieces: Vec<Vec<u8>>,
    /// Joins the files as text; otherwise the bytes of each file as they are, followed by a NUL.
    pub text: bool,
    /// Inspect the SQL too.
    pub lex: bool,
    pub lines: bool,
    pub digests: bool,
    /// Report what statements create; requires `lex`.
    pub definitions: bool,
    /// The maximum size of one file, bytes.
    pub max_size: u64,
    pub workers: usize,
    pub after: String,
    /// The change that a test makes to each file while it is read.
    #[cfg(test)]
    pub meanwhile: Option<tandem_common::file::Meanwhile>,
}

/// The batches, as ranges of indices.
pub(super) struct Ranges {
    next: usize,
    end: usize,
}

impl Ranges {
    /// None for a cursor that no join of these files can have written.
    pub(super) fn new(request: &JoinRequest) -> Option<Self> {
        let next = if request.after.is_empty() {
            0
        } else {
            let next = request.after.parse::<usize>().ok()?;
            (next.to_string() == request.after).then_some(next)?
        };
        let end = request.paths.len();
        (next <= end).then_some(Self { next, end })
    }

    pub(super) fn batches(&self) -> usize {
        let mut batches = 0;
        let mut next = self.next;
        while next < self.end {
            next += files_in_batch(next);
            batches += 1;
        }
        batches
    }
}

/// The number of files in the batch that begins at this index: half of the greatest power of two up to the
/// index, within the limits.
fn files_in_batch(index: usize) -> usize {
    let half = index.checked_ilog2().map_or(0, |power| (1 << power) / 2);
    half.clamp(JOIN_LEAST_BATCH_FILES, JOIN_MOST_BATCH_FILES)
}

impl Iterator for Ranges {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let range = self.next..self.end.min(self.next + files_in_batch(self.next));
        self.next = range.end;
        (!range.is_empty()).then_some(range)
    }
}

//! Batches by weight, as `spec/sidecar/walk.md` specifies: the same for every engine and every run over the
//! same tree.

#[cfg(test)]
mod tests;

use crate::generated::limits::BATCH_WEIGHT;
use crate::walk::{Failure, Folder, Position, Visit, Walker};
use std::ops::Range;
use std::sync::Arc;

/// Consecutive candidates of one folder.
pub struct Segment {
    pub folder: Arc<Folder>,
    /// Indices into the folder's candidates.
    pub range: Range<usize>,
    /// Whether the folder itself belongs to this batch: its failure, its skipped names, its images.
    pub first: bool,
}

pub struct Batch {
    pub segments: Vec<Segment>,
    /// Everything after it in the order remains to be done.
    pub cursor: String,
}

pub struct Batches {
    walker: Walker,
    /// A folder that continues in the next batch.
    open: Option<Visit>,
    ended: bool,
}

impl Batches {
    #[must_use]
    pub fn new(walker: Walker) -> Self {
        Self {
            walker,
            open: None,
            ended: false,
        }
    }

    fn visit(&mut self) -> Option<Result<Visit, Failure>> {
        self.open
            .take()
            .map(Ok)
            .or_else(|| self.walker.next_folder())
    }
}

impl Iterator for Batches {
    /// Err if the root cannot be listed; then the walk is over.
    type Item = Result<Batch, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut segments: Vec<Segment> = Vec::new();
        let mut weight = 0;
        while weight < BATCH_WEIGHT && !self.ended {
            let Some(visit) = self.visit() else {
                self.ended = true;
                break;
            };
            let Visit {
                folder,
                from,
                first,
            } = match visit {
                Ok(visit) => visit,
                Err(failure) => {
                    self.ended = true;
                    return Some(Err(failure));
                }
            };
            weight += usize::from(first);
            let end = folder
                .candidates()
                .len()
                .min(from + BATCH_WEIGHT.saturating_sub(weight));
            weight += end - from;
            if end < folder.candidates().len() {
                self.open = Some(Visit {
                    folder: Arc::clone(&folder),
                    from: end,
                    first: false,
                });
            }
            segments.push(Segment {
                folder,
                range: from..end,
                first,
            });
        }
        let last = segments.last()?;
        let name = last
            .range
            .clone()
            .next_back()
            .map(|index| last.folder.name(last.folder.candidates()[index]));
        let cursor = Position::cursor(&last.folder.path, name);
        Some(Ok(Batch { segments, cursor }))
    }
}

/// The same for a list: `BATCH_WEIGHT` names per batch, and the cursor is the index of the next one.
pub struct ListBatches {
    next: usize,
    length: usize,
}

impl ListBatches {
    /// None for a cursor that no run over this list can have written. An empty cursor means the beginning.
    #[must_use]
    pub fn new(length: usize, after: &str) -> Option<Self> {
        let next = if after.is_empty() {
            0
        } else {
            after.parse().ok()?
        };
        (next <= length && (after.is_empty() || next.to_string() == after))
            .then_some(Self { next, length })
    }
}

impl Iterator for ListBatches {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let range = self.next..self.length.min(self.next + BATCH_WEIGHT);
        self.next = range.end;
        (!range.is_empty()).then_some(range)
    }
}

//! The source of the workers' batches: a tree or a list.

use super::request::ScanRequest;
use crate::pairing::Index;
use std::ops::Range;
use std::sync::Arc;
use tandem_common::batch::{Batch, Batches, ListBatches};
use tandem_common::walk::{Failure, Position, Walker};
use tandem_common::{ErrorCode, Fault};

/// Candidates of one folder, with the index that all its batches share.
pub(super) struct Part {
    pub index: Arc<Index>,
    pub range: Range<usize>,
    /// Whether the folder itself belongs to this batch.
    pub first: bool,
}

pub(super) enum Job {
    Tree { parts: Vec<Part>, cursor: String },
    List { range: Range<usize> },
    Stop(Fault),
}

pub(super) struct Source {
    walk: Walk,
    /// The last folder, which may continue in the next batch.
    last: Option<Arc<Index>>,
}

enum Walk {
    Tree(Box<Batches>),
    List(ListBatches),
}

impl Source {
    /// None for a cursor that this scan cannot have written.
    pub(super) fn new(request: &ScanRequest) -> Option<Self> {
        let walk = if let Some(list) = &request.list {
            Walk::List(ListBatches::new(list.len(), &request.after)?)
        } else {
            let after = if request.after.is_empty() {
                None
            } else {
                Some(Position::parse(&request.after)?)
            };
            let classify = request.report.classify();
            let walker = Walker::new(request.root.as_slice().into(), classify, after);
            Walk::Tree(Box::new(Batches::new(walker)))
        };
        Some(Self { walk, last: None })
    }

    fn tree(&mut self, batch: Batch) -> Job {
        let parts = batch.segments.into_iter().map(|segment| {
            let known = self
                .last
                .take()
                .filter(|index| Arc::ptr_eq(&index.folder, &segment.folder));
            let index = known.unwrap_or_else(|| Arc::new(Index::new(segment.folder)));
            self.last = Some(Arc::clone(&index));
            Part {
                index,
                range: segment.range,
                first: segment.first,
            }
        });
        let parts = parts.collect();
        Job::Tree {
            parts,
            cursor: batch.cursor,
        }
    }
}

impl Iterator for Source {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        match &mut self.walk {
            Walk::List(list) => list.next().map(|range| Job::List { range }),
            Walk::Tree(batches) => match batches.next()? {
                Ok(batch) => Some(self.tree(batch)),
                Err(failure) => Some(Job::Stop(Fault::new(code_of_root(failure)))),
            },
        }
    }
}

pub(crate) fn code_of_root(failure: Failure) -> ErrorCode {
    match failure {
        Failure::Missing => tandem_common::error_codes::INPUT_MISSING,
        Failure::NotAFolder => tandem_common::error_codes::INPUT_NOT_A_FOLDER,
        Failure::Unreadable => tandem_common::error_codes::INPUT_UNREADABLE,
    }
}

/// Below the root, a folder whose name something else has taken counts as gone.
pub(crate) fn code_of_folder(failure: Failure) -> ErrorCode {
    match failure {
        Failure::Missing | Failure::NotAFolder => tandem_common::error_codes::NOT_FOUND,
        Failure::Unreadable => tandem_common::error_codes::FOLDER_UNREADABLE,
    }
}

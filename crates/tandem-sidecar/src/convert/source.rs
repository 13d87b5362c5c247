//! The batches of the walk, as they come to be planned.

use super::batch::{Batch, Part};
use super::request::ConvertRequest;
use super::rows::BatchRows;
use crate::pairing::{Index, classify_sidecars};
use crate::scan::source::code_of_root;
use std::sync::Arc;
use tandem_common::Fault;
use tandem_common::batch::Batches;
use tandem_common::path::join;
use tandem_common::walk::{SkipCounts, Walker};

pub(super) struct Source {
    root: Vec<u8>,
    batches: Batches,
    number: u64,
    /// A folder may go on in the next batch.
    last: Option<(Arc<Index>, Arc<[u8]>)>,
}

impl Source {
    pub(super) fn new(request: &ConvertRequest) -> Self {
        // Whose a document is says the document; no image is asked for.
        let walker = Walker::new(request.root.as_slice().into(), classify_sidecars, None);
        Self {
            root: request.root.clone(),
            batches: Batches::new(walker),
            number: 0,
            last: None,
        }
    }

    pub(super) fn last_folder(&self) -> Option<Arc<[u8]>> {
        self.last.as_ref().map(|(_, path)| Arc::clone(path))
    }

    /// Err when the root cannot be listed; then the walk is over.
    pub(super) fn next(&mut self) -> Option<Result<Batch, Fault>> {
        let walked = match self.batches.next()? {
            Ok(walked) => walked,
            Err(failure) => return Some(Err(Fault::new(code_of_root(failure)))),
        };
        let mut passed_over = SkipCounts::default();
        let mut parts = Vec::with_capacity(walked.segments.len());
        for segment in walked.segments {
            if segment.first {
                for (sum, count) in passed_over.iter_mut().zip(&segment.folder.skipped) {
                    *sum += count;
                }
            }
            let known = self
                .last
                .take()
                .filter(|(index, _)| Arc::ptr_eq(&index.folder, &segment.folder));
            let (index, path) = known.unwrap_or_else(|| {
                let path = join(&self.root, &segment.folder.path);
                (Arc::new(Index::new(segment.folder)), path.into())
            });
            self.last = Some((Arc::clone(&index), Arc::clone(&path)));
            parts.push(Part {
                index,
                is_first: segment.first,
                left: segment.range,
                path,
            });
        }
        let number = self.number;
        self.number += 1;
        Some(Ok(Batch {
            number,
            cursor: walked.cursor,
            parts,
            at: 0,
            entries: Vec::new(),
            works: Vec::new(),
            passed_over,
            other_operation: 0,
            bytes: 0,
            panic: None,
            rows: BatchRows::default(),
            has_failed_late: false,
        }))
    }
}

//! The work of one thread on a batch.

use super::export::Export;
use super::formats::Formats;
use super::item::{Item, Stands, Tools};
use super::orphans::Orphans;
use super::report::Report;
use super::request::{ReportKind, ScanRequest};
use super::row::{Prefix, Rows, Shown};
use super::source::{Job, Part, code_of_folder};
use super::stats::Stats;
use super::totals::{Skipped, with_locks};
use super::validate::Validate;
use crate::document::{Inspector, Limits};
use crate::formats::Extension;
use crate::generated::detection::OPERATIONS;
use crate::pairing::{Finger, Index};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;
use tandem_common::file::{Place, Reader, own_descriptors};
use tandem_common::path::{extension, join, split};
use tandem_common::pipeline::{Cancel, Work};
use tandem_common::walk::TREE_LOCK;
use tandem_common::walk::{Folder, Kind, Lister, kind_at};
use tandem_common::{Fault, RowBatch};

pub(super) struct Worker {
    request: Arc<ScanRequest>,
    report: Box<dyn Report>,
    tools: Tools,
    rows: Rows,
    lister: Lister,
    /// The folder of the last file of a list; files of one folder are usually adjacent.
    listed: Option<(Vec<u8>, Index)>,
}

impl Worker {
    pub(super) fn new(request: Arc<ScanRequest>) -> Self {
        let only = OPERATIONS
            .iter()
            .position(|operation| operation.name == request.operation);
        let report: Box<dyn Report> = match request.report {
            ReportKind::Validate => Box::new(Validate::new(only)),
            ReportKind::Stats => Box::new(Stats::new(only)),
            ReportKind::Formats => Box::new(Formats::default()),
            ReportKind::Export => Box::new(Export::new(only, &request)),
            ReportKind::Orphans => Box::new(Orphans::new(only, &request)),
        };
        let limits = Limits {
            max_size: request.max_size,
            max_depth: request.max_depth,
        };
        let tools = Tools {
            reader: Reader::new(request.max_size),
            inspector: Inspector::new(limits, request.lint),
            place: Place::new(Vec::new(), 0),
        };
        let rows = Rows::new(request.separator.clone());
        Self {
            request,
            report,
            tools,
            rows,
            lister: Lister::default(),
            listed: None,
        }
    }

    fn tree(&mut self, parts: Vec<Part>, skipped: &mut Skipped, cancel: &Cancel) -> Option<u64> {
        let mut bytes = 0;
        for Part {
            index,
            range,
            first,
        } in parts
        {
            let folder = &index.folder;
            let path = join(&self.request.root, &folder.path);
            if let Some(failure) = folder.failure {
                let fault = Fault::new(code_of_folder(failure));
                let (parent, name) = split(&path);
                let prefix = Prefix::new(parent);
                let shown = Shown {
                    prefix: &prefix,
                    name,
                };
                self.report
                    .failed_folder(shown, &folder.path, &fault, &mut self.rows);
                continue;
            }
            let prefix = Prefix::new(&path);
            if first {
                skipped.add(&folder.skipped);
                if folder.lists_scratch(TREE_LOCK) {
                    let slash: &[u8] = if folder.path.is_empty() { b"" } else { b"/" };
                    skipped.locks.push([folder.path.as_slice(), slash].concat());
                }
                self.report.folder(&index, &prefix.raw);
            }
            let below = if folder.path.is_empty() {
                Vec::new()
            } else {
                [folder.path.as_slice(), b"/"].concat()
            };
            self.tools.place = Place::new(path, range.len());
            let finger = Finger::default();
            for entry in &folder.candidates()[range] {
                if cancel.is_set() {
                    return None;
                }
                let name = folder.name(*entry);
                let item = Item {
                    prefix: &prefix,
                    name,
                    below: &below,
                    stands: entry.kind.into(),
                    extension: extension_of(name),
                    index: Some(&index),
                    finger: &finger,
                    begun: Instant::now(),
                };
                bytes += self.report.file(&item, &mut self.tools, &mut self.rows);
            }
        }
        Some(bytes)
    }

    fn list(&mut self, range: Range<usize>, cancel: &Cancel) -> Option<u64> {
        let mut bytes = 0;
        let request = Arc::clone(&self.request);
        let paths = request.list.as_deref().unwrap_or_default();
        let finger = Finger::default();
        for path in &paths[range] {
            if cancel.is_set() {
                return None;
            }
            let begun = Instant::now();
            let name = split(path).1;
            // As the caller spelled it, with the slash.
            let folder = &path[..path.len() - name.len()];
            let prefix = Prefix::new(folder);
            self.tools.place = Place::new(folder.to_vec(), 1);
            if self.request.report.pairs() {
                self.list_folder(folder);
            }
            let item = Item {
                prefix: &prefix,
                name,
                below: &prefix.raw,
                stands: stands_at(path),
                extension: extension_of(name),
                index: self.listed.as_ref().map(|(_, index)| index),
                finger: &finger,
                begun,
            };
            bytes += self.report.file(&item, &mut self.tools, &mut self.rows);
        }
        Some(bytes)
    }

    fn list_folder(&mut self, path: &[u8]) {
        if self.listed.as_ref().is_none_or(|(known, _)| known != path) {
            let folder = Folder::alone(path, &mut self.lister, self.request.report.classify());
            self.listed = Some((path.to_vec(), Index::new(Arc::new(folder))));
        }
    }
}

impl Work<Job> for Worker {
    type Done = Result<RowBatch, Fault>;

    /// A scan only reads, and each file is opened, read and closed by one thread.
    fn begin(&mut self) {
        own_descriptors();
    }

    fn work(&mut self, job: Job, cancel: &Cancel) -> Option<Self::Done> {
        let mut skipped = Skipped::default();
        let (cursor, bytes) = match job {
            Job::Stop(fault) => return Some(Err(fault)),
            Job::Tree { parts, cursor } => (cursor, self.tree(parts, &mut skipped, cancel)?),
            Job::List { range } => {
                let cursor = range.end.to_string();
                (cursor, self.list(range, cancel)?)
            }
        };
        let (items, totals) = self.report.close(&mut skipped);
        Some(Ok(RowBatch {
            rows: self.rows.take(),
            totals: with_locks(totals, &skipped.locks),
            cursor,
            items,
            bytes,
        }))
    }
}

/// The extension of a name. A file of a list may have any name; without a known extension it counts as JSON,
/// the form that people write by hand.
fn extension_of(name: &[u8]) -> Extension {
    extension(name)
        .and_then(Extension::of)
        .unwrap_or(Extension::Json)
}

fn stands_at(path: &[u8]) -> Stands {
    match kind_at(path) {
        Kind::FileLink => Stands::Link,
        Kind::BrokenLink => Stands::BrokenLink,
        Kind::Folder | Kind::FolderLink | Kind::Special | Kind::SpecialLink => Stands::NoFile,
        // A missing file is reported when it is opened.
        Kind::File | Kind::Gone => Stands::File,
    }
}

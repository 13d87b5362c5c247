//! The walk, one folder per call, in the order of `spec/sidecar/walk.md`.

use super::folder::{Classify, Folder, Names};
use super::listing::{Failure, Lister};
use super::resume::Position;
use crate::path::join;
use std::sync::Arc;

/// The next folder to visit.
pub struct Visit {
    pub folder: Arc<Folder>,
    /// The index of its first candidate that remains to be done.
    pub from: usize,
    /// False if an earlier run has counted it already.
    pub first: bool,
}

pub struct Walker {
    root: Arc<[u8]>,
    classify: Classify,
    lister: Lister,
    after: Option<Position>,
    started: bool,
    stack: Vec<Siblings>,
}

/// The subfolders of one folder, and how many of them are done.
struct Siblings {
    parent: Vec<u8>,
    names: Names,
    next: usize,
}

impl Walker {
    /// Reads nothing before the first folder is requested.
    #[must_use]
    pub fn new(root: Arc<[u8]>, classify: Classify, after: Option<Position>) -> Self {
        Self {
            root,
            classify,
            lister: Lister::default(),
            after,
            started: false,
            stack: Vec::new(),
        }
    }

    /// The next folder; Err only for the root, and then the walk is over.
    pub fn next_folder(&mut self) -> Option<Result<Visit, Failure>> {
        if !self.started {
            self.started = true;
            return match self.after.take() {
                None => Some(self.begin()),
                Some(position) => self
                    .resume(&position)
                    .transpose()
                    .or_else(|| self.pending()),
            };
        }
        self.pending()
    }

    fn begin(&mut self) -> Result<Visit, Failure> {
        let folder = self.enter(Vec::new());
        match folder.failure {
            Some(failure) => Err(failure),
            None => Ok(Visit {
                folder: Arc::new(folder),
                from: 0,
                first: true,
            }),
        }
    }

    fn pending(&mut self) -> Option<Result<Visit, Failure>> {
        loop {
            let siblings = self.stack.last_mut()?;
            let Some(name) = siblings.names.get(siblings.next) else {
                self.stack.pop();
                continue;
            };
            let path = join(&siblings.parent, name);
            siblings.next += 1;
            let folder = self.enter(path);
            return Some(Ok(Visit {
                folder: Arc::new(folder),
                from: 0,
                first: true,
            }));
        }
    }

    /// Lists a folder and puts its subfolders on the stack.
    fn enter(&mut self, path: Vec<u8>) -> Folder {
        let (folder, names) = Folder::read(&self.root, path, &mut self.lister, self.classify);
        if names.get(0).is_some() {
            self.stack.push(Siblings {
                parent: folder.path.clone(),
                names,
                next: 0,
            });
        }
        folder
    }

    /// Descends to the position where the earlier run stopped and leaves on the stack what comes after it.
    /// Only the folders on the way are listed, and of these only the last is returned.
    fn resume(&mut self, position: &Position) -> Result<Option<Visit>, Failure> {
        let mut components = position
            .folder
            .split(|byte| *byte == b'/')
            .filter(|name| !name.is_empty());
        let mut path = Vec::new();
        loop {
            let folder = self.enter(path);
            if let (true, Some(failure)) = (folder.path.is_empty(), folder.failure) {
                return Err(failure);
            }
            let Some(name) = components.next() else {
                return Ok(left_of(folder, position.candidate.as_deref()));
            };
            if let Some(siblings) = self
                .stack
                .last_mut()
                .filter(|siblings| siblings.parent == folder.path)
            {
                siblings.next = siblings.names.after(name);
            }
            path = join(&folder.path, name);
        }
    }
}

/// The rest of the folder in which an earlier run stopped; None if nothing is left.
fn left_of(folder: Folder, candidate: Option<&[u8]>) -> Option<Visit> {
    let from = candidate.map_or(0, |name| folder.after(name));
    // If the cursor is the folder itself, the earlier run already reported its failure; after a candidate the
    // failure is new.
    let news = folder.failure.is_some() && candidate.is_some();
    (news || from < folder.candidates().len()).then(|| Visit {
        folder: Arc::new(folder),
        from,
        first: news,
    })
}

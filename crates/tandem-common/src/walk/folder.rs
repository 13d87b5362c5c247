//! One listed folder: names in one arena, sorted by bytes.

use super::listing::{Failure, Kind, Lister};
use crate::path::join;

/// How a job treats a name, judged by the name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Candidate,
    Image,
    /// It may be an image, and the caller requests such files.
    Unknown,
    Other,
}

pub type Classify = fn(&[u8]) -> Class;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    /// A symbolic link to a file, or to an inaccessible one.
    Link,
    BrokenLink,
}

#[derive(Clone, Copy, Debug)]
pub struct Entry {
    start: usize,
    length: u32,
    pub kind: EntryKind,
}

/// Why a name was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    System,
    Scratch,
    NotAFile,
    LinkedFolder,
}

/// The names of `Skip`, in its order, which is also the order in a report.
pub const SKIP_REASONS: [&str; 4] = ["system", "scratch", "not_a_file", "linked_folder"];

/// Indexed by `Skip`.
pub type SkipCounts = [u64; SKIP_REASONS.len()];

#[derive(Debug, Default)]
pub struct Folder {
    /// Raw path below the root, without a trailing slash; empty for the root.
    pub path: Vec<u8>,
    pub skipped: SkipCounts,
    /// Why the folder could not be listed; it then has no entries.
    pub failure: Option<Failure>,
    names: Vec<u8>,
    candidates: Vec<Entry>,
    images: Vec<Entry>,
    unknown: Vec<Entry>,
    scratch: Vec<Entry>,
}

impl Folder {
    /// Lists `path` below `root`; returns the folder and the names of its subfolders.
    pub(super) fn read(
        root: &[u8],
        path: Vec<u8>,
        lister: &mut Lister,
        classify: Classify,
    ) -> (Self, Names) {
        let mut folder = Self {
            path,
            ..Self::default()
        };
        let mut folders = Names::default();
        let full = join(root, &folder.path);
        let follow = folder.path.is_empty();
        let outcome = lister.list(&full, follow, &mut |name, kind| {
            folder.add(name, kind, classify, &mut folders);
        });
        if let Err(failure) = outcome {
            let path = std::mem::take(&mut folder.path);
            return (
                Self {
                    path,
                    failure: Some(failure),
                    ..Self::default()
                },
                Names::default(),
            );
        }
        sort(&mut folder.candidates, &folder.names);
        sort(&mut folder.images, &folder.names);
        sort(&mut folder.scratch, &folder.names);
        folders.sort();
        (folder, folders)
    }

    /// Lists one folder on its own; an empty path is the current one.
    #[must_use]
    pub fn alone(path: &[u8], lister: &mut Lister, classify: Classify) -> Self {
        let path = if path.is_empty() { b"." } else { path };
        Self::read(path, Vec::new(), lister, classify).0
    }

    fn add(&mut self, name: &[u8], kind: Kind, classify: Classify, folders: &mut Names) {
        if is_system(name, kind) {
            self.skip(Skip::System);
            return;
        }
        if name.starts_with(SCRATCH) {
            self.skip(Skip::Scratch);
            push(&mut self.scratch, &mut self.names, name, EntryKind::File);
            return;
        }
        match kind {
            Kind::Folder => folders.push(name),
            Kind::FolderLink => self.skip(Skip::LinkedFolder),
            Kind::File => self.keep(name, EntryKind::File, classify),
            Kind::FileLink => self.keep(name, EntryKind::Link, classify),
            Kind::BrokenLink => self.keep(name, EntryKind::BrokenLink, classify),
            Kind::Special | Kind::SpecialLink => {
                if classify(name) == Class::Candidate {
                    self.skip(Skip::NotAFile);
                }
            }
            // A missing candidate is reported in a row; a missing image does not count as an image.
            Kind::Gone => {
                if classify(name) == Class::Candidate {
                    self.keep(name, EntryKind::File, classify);
                }
            }
        }
    }

    fn keep(&mut self, name: &[u8], kind: EntryKind, classify: Classify) {
        let list = match classify(name) {
            Class::Candidate => &mut self.candidates,
            Class::Image => &mut self.images,
            Class::Unknown => &mut self.unknown,
            Class::Other => return,
        };
        push(list, &mut self.names, name, kind);
    }

    fn skip(&mut self, reason: Skip) {
        self.skipped[reason as usize] += 1;
    }

    #[must_use]
    pub fn name(&self, entry: Entry) -> &[u8] {
        entry.of(&self.names)
    }

    /// Sorted by the bytes of their names.
    #[must_use]
    pub fn candidates(&self) -> &[Entry] {
        &self.candidates
    }

    /// Sorted by the bytes of their names.
    #[must_use]
    pub fn images(&self) -> &[Entry] {
        &self.images
    }

    /// Files, and links to them, that may be images, in the order of the system.
    #[must_use]
    pub fn unknown(&self) -> &[Entry] {
        &self.unknown
    }

    /// Whether the folder has a scratch entry of exactly this name.
    #[must_use]
    pub fn lists_scratch(&self, name: &[u8]) -> bool {
        let found = self
            .scratch
            .binary_search_by(|entry| self.name(*entry).cmp(name));
        found.is_ok()
    }

    /// The index of the first candidate after `name`.
    #[must_use]
    pub fn after(&self, name: &[u8]) -> usize {
        self.candidates
            .partition_point(|entry| self.name(*entry) <= name)
    }
}

const SCRATCH: &[u8] = b".tandem-";

fn is_system(name: &[u8], kind: Kind) -> bool {
    name.starts_with(b"._") || name == b".DS_Store" || (kind == Kind::Folder && name == b"@eaDir")
}

fn push(list: &mut Vec<Entry>, names: &mut Vec<u8>, name: &[u8], kind: EntryKind) {
    // A file name has at most 255 bytes on every known system; this only keeps the cast correct.
    let Ok(length) = u32::try_from(name.len()) else {
        return;
    };
    list.push(Entry {
        start: names.len(),
        length,
        kind,
    });
    names.extend_from_slice(name);
}

impl Entry {
    fn of(self, names: &[u8]) -> &[u8] {
        &names[self.start..self.start + self.length as usize]
    }
}

/// Sorts by the bytes of the names. They tend to begin alike (`IMG_000123.json`), so the eight bytes after
/// their common prefix decide nearly every comparison, and the names are compared only if these are equal.
fn sort(entries: &mut Vec<Entry>, names: &[u8]) {
    let Some((first, rest)) = entries.split_first() else {
        return;
    };
    let first = first.of(names);
    let common = rest.iter().fold(first.len(), |common, entry| {
        let alike = first[..common]
            .iter()
            .zip(entry.of(names))
            .take_while(|(a, b)| a == b);
        alike.count()
    });
    let key = |entry: &Entry| {
        let mut bytes = [0; 8];
        let name = entry.of(names).get(common..).unwrap_or_default();
        let length = name.len().min(bytes.len());
        bytes[..length].copy_from_slice(&name[..length]);
        u64::from_be_bytes(bytes)
    };
    let mut keyed: Vec<(u64, Entry)> = entries.iter().map(|entry| (key(entry), *entry)).collect();
    keyed.sort_unstable_by(|(a, one), (b, other)| {
        a.cmp(b).then_with(|| one.of(names).cmp(other.of(names)))
    });
    entries.clear();
    entries.extend(keyed.into_iter().map(|(_, entry)| entry));
}

/// Names of folders that remain to be walked.
#[derive(Debug, Default)]
pub(super) struct Names {
    bytes: Vec<u8>,
    ranges: Vec<(usize, usize)>,
}

impl Names {
    fn push(&mut self, name: &[u8]) {
        self.ranges
            .push((self.bytes.len(), self.bytes.len() + name.len()));
        self.bytes.extend_from_slice(name);
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        self.ranges
            .sort_unstable_by(|a, b| bytes[a.0..a.1].cmp(&bytes[b.0..b.1]));
    }

    pub(super) fn get(&self, index: usize) -> Option<&[u8]> {
        self.ranges
            .get(index)
            .map(|range| &self.bytes[range.0..range.1])
    }

    /// The index of the first name after `name`.
    pub(super) fn after(&self, name: &[u8]) -> usize {
        self.ranges
            .partition_point(|range| &self.bytes[range.0..range.1] <= name)
    }
}

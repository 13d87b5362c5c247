//! An index of the names of one folder. Comparison keys are computed once, and only when a search by bytes
//! finds nothing.

use super::finger::Finger;
use super::key::key;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use tandem_common::path::stem;
use tandem_common::walk::{Entry, Folder};

/// Shared by all batches that contain files of the folder.
pub struct Index {
    pub folder: Arc<Folder>,
    images: OnceLock<HashMap<Vec<u8>, usize>>,
    candidates: OnceLock<HashSet<Vec<u8>>>,
    unknown: OnceLock<HashSet<Vec<u8>>>,
}

impl Index {
    #[must_use]
    pub fn new(folder: Arc<Folder>) -> Self {
        Self {
            folder,
            images: OnceLock::new(),
            candidates: OnceLock::new(),
            unknown: OnceLock::new(),
        }
    }

    /// The image to which the sidecar `name` belongs; among several, the first in byte order. Use `finger`
    /// for nothing else.
    #[must_use]
    pub fn image_of(&self, name: &[u8], finger: &Finger) -> Option<Entry> {
        let images = self.folder.images();
        if images.is_empty() {
            return None;
        }
        let stem = stem(name);
        let index = self
            .named(images, stem, finger)
            .or_else(|| self.with_stem(images, stem, finger));
        let index = index.or_else(|| self.image_keys().get(&key(stem)).copied());
        index.map(|index| images[index])
    }

    /// Whether a sidecar of this folder has a name that belongs to an image called `image`, wherever that
    /// image is. Use `finger` for nothing else.
    #[must_use]
    pub fn covers(&self, image: &[u8], finger: &Finger) -> bool {
        let candidates = self.folder.candidates();
        if candidates.is_empty() {
            return false;
        }
        let exact = self
            .with_stem(candidates, stem(image), finger)
            .or_else(|| self.with_stem(candidates, image, finger));
        exact.is_some() || {
            let keys = self.candidate_keys();
            keys.contains(&key(image)) || keys.contains(&key(stem(image)))
        }
    }

    /// Whether a file that may be an image has the name that the image of the sidecar `name` would have.
    #[must_use]
    pub fn may_have_image(&self, name: &[u8]) -> bool {
        let unknown = self.folder.unknown();
        if unknown.is_empty() {
            return false;
        }
        let keys = self.unknown.get_or_init(|| {
            let names = unknown.iter().map(|entry| self.folder.name(*entry));
            names
                .flat_map(|name| [key(name), key(stem(name))])
                .collect()
        });
        keys.contains(&key(stem(name)))
    }

    fn named(&self, entries: &[Entry], name: &[u8], finger: &Finger) -> Option<usize> {
        let at = finger.search(entries, |entry| self.folder.name(*entry) < name);
        let found = entries.get(at)?;
        (self.folder.name(*found) == name).then_some(at)
    }

    /// The first of `entries` whose name is `wanted` with an extension. Names that begin with `wanted` and a
    /// dot are adjacent.
    fn with_stem(&self, entries: &[Entry], wanted: &[u8], finger: &Finger) -> Option<usize> {
        // Skips the names that sort before `wanted` with a dot.
        let from = finger.search(entries, |entry| {
            let name = self.folder.name(*entry);
            match name.split_at_checked(wanted.len()) {
                None => name <= wanted,
                Some((start, rest)) => match start.cmp(wanted) {
                    Ordering::Equal => rest.first() < Some(&b'.'),
                    order => order.is_lt(),
                },
            }
        });
        let near = entries[from..].iter().map(|entry| self.folder.name(*entry));
        let mut near = near.take_while(|name| {
            let rest = name.strip_prefix(wanted);
            rest.is_some_and(|rest| rest.starts_with(b"."))
        });
        near.position(|name| stem(name) == wanted)
            .map(|place| from + place)
    }

    fn image_keys(&self) -> &HashMap<Vec<u8>, usize> {
        self.images.get_or_init(|| {
            let images = self.folder.images();
            let mut keys = HashMap::with_capacity(images.len() * 2);
            for (index, image) in images.iter().enumerate() {
                let name = self.folder.name(*image);
                keys.entry(key(name)).or_insert(index);
                keys.entry(key(stem(name))).or_insert(index);
            }
            keys
        })
    }

    fn candidate_keys(&self) -> &HashSet<Vec<u8>> {
        self.candidates.get_or_init(|| {
            let names = self
                .folder
                .candidates()
                .iter()
                .map(|entry| self.folder.name(*entry));
            names.map(|name| key(stem(name))).collect()
        })
    }
}

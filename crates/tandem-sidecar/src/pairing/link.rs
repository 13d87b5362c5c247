//! Images that are symbolic links.

use crate::formats::Extension;
use std::fs;
use tandem_common::path::{join, split, stem, to_bytes, with_path};
use tandem_common::walk::{Entry, EntryKind};

/// The target as stored in the link, not resolved: that is what the owner of the link wrote.
pub struct ImageLink {
    pub target: Vec<u8>,
    pub broken: bool,
}

impl ImageLink {
    /// `path` is the raw path of `image`. None if it is not a link.
    #[must_use]
    pub fn read(path: &[u8], image: Entry) -> Option<Self> {
        if image.kind == EntryKind::File {
            return None;
        }
        let Ok(target) = with_path(path, |path| fs::read_link(path)) else {
            // It disappeared, or became a file, after the folder was listed.
            return Some(Self {
                target: Vec::new(),
                broken: true,
            });
        };
        Some(Self {
            target: to_bytes(&target).to_vec(),
            broken: image.kind == EntryKind::BrokenLink,
        })
    }
}

/// Whether a link's target has a sidecar beside it. Only the exact spellings are tried, with one `stat` each:
/// links are few, and the target's folder is not being walked.
#[must_use]
pub fn covered_at_target(path: &[u8]) -> bool {
    let Ok(target) = with_path(path, |path| fs::canonicalize(path)) else {
        return false;
    };
    let (folder, name) = split(to_bytes(&target));
    [name, stem(name)].iter().any(|beginning| {
        Extension::ALL.iter().any(|extension| {
            let sidecar = [beginning, b".".as_slice(), extension.name().as_bytes()].concat();
            with_path(&join(folder, &sidecar), |path| {
                fs::metadata(path).is_ok_and(|found| found.is_file())
            })
        })
    })
}

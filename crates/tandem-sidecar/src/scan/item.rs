//! One file of a scan, and the tools to examine it.

use super::row::{Prefix, Shown};
use crate::document::Inspector;
use crate::formats::Extension;
use crate::pairing::{Finger, Index};
use std::time::Instant;
use tandem_common::file::{Content, Place, Reader, Unread, Want};
use tandem_common::walk::{Entry, EntryKind};
use tandem_common::{ErrorCode, Fault, error_codes};

const UNREADABLE: [ErrorCode; 7] = [
    error_codes::NOT_FOUND,
    error_codes::UNREADABLE,
    error_codes::READ_FAILED,
    error_codes::BROKEN_SYMLINK,
    error_codes::FOLDER_UNREADABLE,
    error_codes::NOT_A_FILE,
    error_codes::OUT_OF_MEMORY,
];

/// What is at a file's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    File,
    Link,
    BrokenLink,
    /// A folder, pipe, socket or device; only in a list.
    NoFile,
}

impl From<EntryKind> for Stands {
    fn from(kind: EntryKind) -> Self {
        match kind {
            EntryKind::File => Self::File,
            EntryKind::Link => Self::Link,
            EntryKind::BrokenLink => Self::BrokenLink,
        }
    }
}

pub(super) struct Item<'a> {
    /// The folder, as rows show it.
    pub prefix: &'a Prefix,
    pub name: &'a [u8],
    /// The folder's raw path below the root, with a trailing slash; with a list, the same as `prefix`.
    pub below: &'a [u8],
    pub stands: Stands,
    pub extension: Extension,
    /// The names in its folder; None for reports that do not need them.
    pub index: Option<&'a Index>,
    /// For searches in `index`; the same for all files of a folder.
    pub finger: &'a Finger,
    pub begun: Instant,
}

impl<'a> Item<'a> {
    pub(super) fn shown(&self) -> Shown<'a> {
        Shown {
            prefix: self.prefix,
            name: self.name,
        }
    }

    /// The raw path below the root.
    pub(super) fn path_below(&self) -> Vec<u8> {
        [self.below, self.name].concat()
    }

    /// The image to which it belongs.
    pub(super) fn image(&self) -> Option<Image<'a>> {
        let index = self.index?;
        let entry = index.image_of(self.name, self.finger)?;
        Some(Image {
            shown: Shown {
                prefix: self.prefix,
                name: index.folder.name(entry),
            },
            entry,
        })
    }

    /// Whether a file beside it may be its image.
    pub(super) fn may_have_image(&self) -> bool {
        self.index
            .is_some_and(|index| index.may_have_image(self.name))
    }

    pub(super) fn read<'r>(
        &self,
        reader: &'r mut Reader,
        place: &mut Place,
        want: Want,
    ) -> Result<Content<'r>, Box<Unread>> {
        match self.stands {
            Stands::File | Stands::Link => reader.read(place, self.name, want),
            Stands::BrokenLink => Err(unopened(error_codes::BROKEN_SYMLINK)),
            Stands::NoFile => Err(unopened(error_codes::NOT_A_FILE)),
        }
    }
}

fn unopened(code: ErrorCode) -> Box<Unread> {
    Box::new(Unread {
        fault: Fault::new(code),
        facts: None,
    })
}

/// An image beside a sidecar.
pub(super) struct Image<'a> {
    pub shown: Shown<'a>,
    pub entry: Entry,
}

/// The parts that a worker keeps from one file to the next.
pub(super) struct Tools {
    pub reader: Reader,
    pub inspector: Inspector,
    /// The folder whose files are being opened.
    pub place: Place,
}

/// Whether a fault means that the file could not be read, as opposed to having invalid content.
pub(super) fn is_unreadable(fault: &Fault) -> bool {
    UNREADABLE.contains(&fault.code)
}

/// The size in the fault of a file that was opened but was too large to read.
pub(crate) fn size_in(fault: &Fault) -> Option<u64> {
    let size = fault.params().iter().find(|(name, _)| *name == "size");
    size.and_then(|(_, digits)| digits.parse().ok())
}

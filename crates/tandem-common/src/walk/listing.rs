//! The entries of one folder as the system returns them; the part of the walk that differs between platforms.

use crate::path::with_path;
use std::fs;
use std::path::Path;

/// The kind of an entry, with links followed to their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    /// A pipe, socket or device.
    Special,
    FileLink,
    FolderLink,
    SpecialLink,
    BrokenLink,
    /// It was listed, but its kind cannot be determined.
    Gone,
}

/// Why a folder could not be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    Missing,
    /// Something else has the folder's name; below the root, the folder counts as gone.
    NotAFolder,
    Unreadable,
}

impl Failure {
    pub(super) fn of(error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotADirectory => Self::NotAFolder,
            _ if leads_nowhere(error) => Self::Missing,
            _ => Self::Unreadable,
        }
    }
}

/// Whether the error means that the entry does not exist; otherwise it is only inaccessible.
#[must_use]
pub fn leads_nowhere(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    {
        // ELOOP has no stable ErrorKind; its number differs between systems, its meaning does not.
        #[cfg(target_os = "linux")]
        const ELOOP: i32 = 40;
        #[cfg(not(target_os = "linux"))]
        const ELOOP: i32 = 62;
        if error.raw_os_error() == Some(ELOOP) {
            return true;
        }
    }
    matches!(
        error.kind(),
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
    )
}

/// The kind of a path that was not listed.
#[must_use]
pub fn kind_at(path: &[u8]) -> Kind {
    with_path(path, |path| {
        fs::symlink_metadata(path).map_or(Kind::Gone, |found| kind_of(found.file_type(), path))
    })
}

/// Follows links; `kind` is the type of `path`.
pub(super) fn kind_of(kind: fs::FileType, path: &Path) -> Kind {
    if kind.is_file() {
        return Kind::File;
    }
    if kind.is_dir() {
        return Kind::Folder;
    }
    if !kind.is_symlink() {
        return Kind::Special;
    }
    match fs::metadata(path) {
        Ok(target) if target.is_file() => Kind::FileLink,
        Ok(target) if target.is_dir() => Kind::FolderLink,
        Ok(_) => Kind::SpecialLink,
        Err(error) if leads_nowhere(&error) => Kind::BrokenLink,
        // Inaccessible, not gone: opening it will give the reason.
        Err(_) => Kind::FileLink,
    }
}

/// Lists folders; keeps its buffer from one folder to the next.
#[derive(Default)]
pub struct Lister {
    #[cfg(target_os = "linux")]
    buffer: Vec<u8>,
}

impl Lister {
    /// Calls `each` for every entry except `.` and `..`, in the order of the system. `follow` allows `path`
    /// itself to be a link.
    #[cfg_attr(not(target_os = "linux"), allow(clippy::unused_self))]
    pub(super) fn list(
        &mut self,
        path: &[u8],
        follow: bool,
        each: &mut dyn FnMut(&[u8], Kind),
    ) -> Result<(), Failure> {
        #[cfg(target_os = "linux")]
        return super::linux::list(path, follow, &mut self.buffer, each);
        #[cfg(not(target_os = "linux"))]
        return super::portable::list(path, follow, each);
    }
}

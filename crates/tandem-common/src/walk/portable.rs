//! The listing by the standard library, for systems without `getdents64`.

use super::listing::{Failure, Kind, leads_nowhere};
use crate::path::{to_bytes, with_path};
use std::fs;
use std::path::Path;

pub(super) fn list(
    path: &[u8],
    follow: bool,
    each: &mut dyn FnMut(&[u8], Kind),
) -> Result<(), Failure> {
    with_path(path, |path| {
        // Not atomic with the reading that follows, unlike O_NOFOLLOW: a race can cost a folder walked twice, never a loop.
        if !follow
            && fs::symlink_metadata(path)
                .map_err(|error| Failure::of(&error))?
                .is_symlink()
        {
            return Err(Failure::NotAFolder);
        }
        for entry in fs::read_dir(path).map_err(|error| Failure::of(&error))? {
            let entry = entry.map_err(|_| Failure::Unreadable)?;
            let kind = entry
                .file_type()
                .map_or(Kind::Gone, |kind| kind_of(kind, &entry.path()));
            each(to_bytes(Path::new(&entry.file_name())), kind);
        }
        Ok(())
    })
}

fn kind_of(kind: fs::FileType, path: &Path) -> Kind {
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
        // Out of reach, not gone: opening it will say why.
        Err(_) => Kind::FileLink,
    }
}

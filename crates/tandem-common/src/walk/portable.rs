//! Lists folders with the standard library, for systems without `getdents64`.

use super::listing::{Failure, Kind, kind_of};
use crate::path::{to_bytes, with_path};
use std::fs;
use std::path::Path;

pub(super) fn list(
    path: &[u8],
    follow: bool,
    each: &mut dyn FnMut(&[u8], Kind),
) -> Result<(), Failure> {
    with_path(path, |path| {
        // Unlike O_NOFOLLOW, this check is not atomic with the read that follows: in a race a folder may be
        // walked twice, but the walk never loops.
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

//! Opens files by path, for systems whose native calls have not been measured.

use super::{Status, status_of};
use crate::path::{join, with_path};
use std::fs::{File, metadata};
use std::io::{self, Read, Seek};

/// Does nothing; Linux only (see linux.rs).
pub fn own_descriptors() {}

/// A folder whose files are being opened.
pub struct Place {
    folder: Vec<u8>,
}

impl Place {
    #[must_use]
    pub fn new(folder: Vec<u8>, _files: usize) -> Self {
        Self { folder }
    }

    #[cfg(any(test, feature = "testing"))]
    pub(super) fn path(&self, name: &[u8]) -> Vec<u8> {
        join(&self.folder, name)
    }

    /// Checks the type before it opens: opening a pipe would wait for its writer.
    #[allow(clippy::needless_pass_by_ref_mut)]
    pub(super) fn open(&mut self, name: &[u8]) -> io::Result<Handle> {
        with_path(&join(&self.folder, name), |path| {
            if !metadata(path)?.is_file() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            File::open(path).map(Handle)
        })
    }
}

pub(super) struct Handle(File);

impl Handle {
    #[allow(clippy::unused_self)]
    pub(super) fn short_read_is_the_end(&self) -> bool {
        false
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }

    /// Moves the file position back to the start.
    pub(super) fn rewind(&mut self) -> io::Result<()> {
        self.0.rewind()
    }

    pub(super) fn status(&self) -> io::Result<Status> {
        Ok(status_of(&self.0.metadata()?))
    }
}

//! Opening relative to a folder's descriptor: the system walks the path once a folder, not once a file.

use crate::path::join_into;
use std::ffi::CStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Below this many files a descriptor for the folder costs more than it saves.
const WORTH_A_DESCRIPTOR: usize = 4;

/// A folder whose files are being opened. Holds at most one descriptor, so as many are open as there are workers.
pub struct Place {
    folder: Vec<u8>,
    descriptor: Option<OwnedFd>,
    /// The name or path for the system, with its NUL; kept to save an allocation a file.
    name: Vec<u8>,
}

impl Place {
    /// `files` is how many will be opened. A folder that cannot be opened is no error: its files will say why.
    #[must_use]
    pub fn new(folder: Vec<u8>, files: usize) -> Self {
        let mut place = Self {
            folder,
            descriptor: None,
            name: Vec::new(),
        };
        if files >= WORTH_A_DESCRIPTOR && !place.folder.is_empty() {
            let folder = std::mem::take(&mut place.folder);
            let flags = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
            place.descriptor = place.open_at(libc::AT_FDCWD, &folder, b"", flags).ok();
            place.folder = folder;
        }
        place
    }

    /// `O_NONBLOCK`, so that a pipe that has taken a file's name does not hold us for ever; regular files do not mind it.
    pub(super) fn open(&mut self, name: &[u8]) -> io::Result<File> {
        let flags = libc::O_RDONLY | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;
        if let Some(descriptor) = &self.descriptor {
            let folder = descriptor.as_raw_fd();
            return self.open_at(folder, b"", name, flags).map(File::from);
        }
        let folder = std::mem::take(&mut self.folder);
        let file = self.open_at(libc::AT_FDCWD, &folder, name, flags);
        self.folder = folder;
        file.map(File::from)
    }

    fn open_at(&mut self, at: i32, folder: &[u8], name: &[u8], flags: i32) -> io::Result<OwnedFd> {
        self.name.clear();
        join_into(&mut self.name, folder, name);
        self.name.push(0);
        let path = CStr::from_bytes_with_nul(&self.name)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        // SAFETY: `path` is NUL-terminated and lives through the call; `at` is open, or AT_FDCWD.
        let fd = unsafe { libc::openat(at, path.as_ptr(), flags) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: `fd` is open and nothing else owns it.
        Ok(unsafe { OwnedFd::from_raw_fd(fd) })
    }
}

//! Opens files relative to a folder's descriptor, so that the system resolves the path once per folder and
//! not once per file, and makes system calls without libc's cancellation points, which cost a process with
//! many threads a twentieth of its time in these calls.

use super::{Facts, Status};
use crate::path::{check_length, join_into};
use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;

/// Below this many files a descriptor for the folder costs more than it saves.
const WORTH_A_DESCRIPTOR: usize = 4;

/// File systems on the kernel's own page cache, on which a read that returns less than requested has reached
/// the end. A network or user-space file system may return less at any time, so on those another read must
/// prove the end. `statfs(2)` lists the numbers.
const SHORT_READ_IS_THE_END: [u32; 5] = [
    0x0000_ef53, // ext2, ext3, ext4
    0x5846_5342, // xfs
    0x9123_683e, // btrfs
    0xf2f5_2010, // f2fs
    0x0102_1994, // tmpfs
];

/// Gives the calling thread its own descriptor table, empty at first: threads that share a table wait for
/// each other at every open and close, which costs two of them a seventh of their time. Call it only on a
/// thread that opens everything it uses and neither passes descriptors to other threads nor receives them.
/// The rest of the process is unaffected: the table is not copied, and the locks of other threads belong to
/// their table. On a kernel before 5.9, or one that forbids the call, nothing changes.
pub fn own_descriptors() {
    // SAFETY: only this thread loses descriptors, and by the conditions above it has none.
    unsafe {
        libc::syscall(
            libc::SYS_close_range,
            0_u32,
            u32::MAX,
            libc::CLOSE_RANGE_UNSHARE,
        )
    };
}

/// A folder whose files are being opened. Holds at most one descriptor, so no more are open than there are
/// workers.
pub struct Place {
    folder: Vec<u8>,
    descriptor: Option<Handle>,
    short_read_is_the_end: bool,
    /// The name or path for the system, with its NUL; kept to save an allocation per file.
    name: Vec<u8>,
}

impl Place {
    /// `files` is the number of files to open. A folder that cannot be opened is not an error: its files will
    /// report the reason.
    #[must_use]
    pub fn new(folder: Vec<u8>, files: usize) -> Self {
        let mut place = Self {
            folder,
            descriptor: None,
            short_read_is_the_end: false,
            name: Vec::new(),
        };
        if files >= WORTH_A_DESCRIPTOR && !place.folder.is_empty() {
            let folder = std::mem::take(&mut place.folder);
            let flags = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
            place.descriptor = place.open_at(libc::AT_FDCWD, &folder, b"", flags).ok();
            place.folder = folder;
            place.short_read_is_the_end = place
                .descriptor
                .as_ref()
                .is_some_and(Handle::keeps_its_pages);
        }
        place
    }

    #[cfg(any(test, feature = "testing"))]
    pub(super) fn path(&self, name: &[u8]) -> Vec<u8> {
        crate::path::join(&self.folder, name)
    }

    /// Opens with O_NONBLOCK, because a pipe may have taken the file's name and would block forever; regular
    /// files ignore the flag.
    #[allow(clippy::doc_markdown)]
    pub(super) fn open(&mut self, name: &[u8]) -> io::Result<Handle> {
        let flags = libc::O_RDONLY
            | libc::O_NONBLOCK
            | libc::O_NOCTTY
            | libc::O_CLOEXEC
            | libc::O_LARGEFILE;
        if let Some(descriptor) = &self.descriptor {
            check_length(&self.folder, name)?;
            let folder = descriptor.descriptor;
            if self.short_read_is_the_end {
                // The target of a link may be on another file system.
                match self.open_at(folder, b"", name, flags | libc::O_NOFOLLOW) {
                    Err(error) if error.raw_os_error() == Some(libc::ELOOP) => {}
                    opened => {
                        return opened.map(|mut file| {
                            file.short_read_is_the_end = true;
                            file
                        });
                    }
                }
            }
            return self.open_at(folder, b"", name, flags);
        }
        let folder = std::mem::take(&mut self.folder);
        let file = self.open_at(libc::AT_FDCWD, &folder, name, flags);
        self.folder = folder;
        file
    }

    fn open_at(&mut self, at: i32, folder: &[u8], name: &[u8], flags: i32) -> io::Result<Handle> {
        self.name.clear();
        join_into(&mut self.name, folder, name);
        self.name.push(0);
        let path = CStr::from_bytes_with_nul(&self.name)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        // SAFETY: `path` is NUL-terminated and lives through the call; `at` is open, or AT_FDCWD.
        let fd = unsafe { libc::syscall(libc::SYS_openat, at, path.as_ptr(), flags, 0) };
        // A descriptor is an int; only an error is negative.
        i32::try_from(fd)
            .ok()
            .filter(|fd| *fd >= 0)
            .map(|descriptor| Handle {
                descriptor,
                short_read_is_the_end: false,
            })
            .ok_or_else(io::Error::last_os_error)
    }
}

/// An open descriptor that this value owns.
pub(super) struct Handle {
    descriptor: i32,
    short_read_is_the_end: bool,
}

impl Handle {
    /// Whether a read that returns less than requested proves the end.
    pub(super) fn short_read_is_the_end(&self) -> bool {
        self.short_read_is_the_end
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // SAFETY: the kernel writes at most `buffer.len()` bytes into `buffer`, which is borrowed for the
        // call.
        let count = unsafe {
            libc::syscall(
                libc::SYS_read,
                self.descriptor,
                buffer.as_mut_ptr(),
                buffer.len(),
            )
        };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    /// Moves the file position back to the start.
    pub(super) fn rewind(&mut self) -> io::Result<()> {
        // SAFETY: no memory is involved.
        if unsafe { libc::lseek64(self.descriptor, 0, libc::SEEK_SET) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }

    pub(super) fn status(&self) -> io::Result<Status> {
        let mut stat = MaybeUninit::<libc::stat64>::uninit();
        // SAFETY: `stat` is writable for the whole call.
        if unsafe { libc::fstat64(self.descriptor, stat.as_mut_ptr()) } != 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a call that returned 0 has filled the whole structure.
        let stat = unsafe { stat.assume_init() };
        let ns = |seconds, nanos| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        let size = u64::try_from(stat.st_size).unwrap_or(0);
        let facts = Facts {
            size,
            device: stat.st_dev,
            inode: stat.st_ino,
            modified_ns: ns(stat.st_mtime, stat.st_mtime_nsec),
            changed_ns: ns(stat.st_ctime, stat.st_ctime_nsec),
        };
        Ok(Status {
            facts,
            is_file: stat.st_mode & libc::S_IFMT == libc::S_IFREG,
        })
    }

    fn keeps_its_pages(&self) -> bool {
        let mut stat = MaybeUninit::<libc::statfs>::uninit();
        // SAFETY: `stat` is writable for the whole call.
        if unsafe { libc::fstatfs(self.descriptor, stat.as_mut_ptr()) } != 0 {
            return false;
        }
        // SAFETY: a call that returned 0 has filled the whole structure.
        let kind = unsafe { stat.assume_init() }.f_type;
        // The field's type differs between systems; its values have 32 bits on all.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        SHORT_READ_IS_THE_END.contains(&(kind as u32))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the descriptor is open and only this value owns it; nothing uses it after this call.
        unsafe { libc::syscall(libc::SYS_close, self.descriptor) };
    }
}

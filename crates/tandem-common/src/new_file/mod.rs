//! Makes a file that is like another: its bytes, owner, permissions, ACL, attributes and times. Names are
//! relative to a folder, so that the system resolves a path once per folder and not once per step.

#[cfg(target_os = "linux")]
mod attributes;
#[cfg(target_os = "linux")]
mod handle;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
#[cfg(all(test, target_os = "linux"))]
mod tests;

#[cfg(target_os = "linux")]
pub use linux::Folder;
#[cfg(not(target_os = "linux"))]
pub use portable::Folder;

use crate::ErrorCode;
use crate::error_codes;
use std::io::{self, ErrorKind};

/// The status of the entry with a name; links are not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    pub id: FileId,
    pub size: u64,
    /// Nanoseconds since 1970, negative before.
    pub modified_ns: i128,
    /// Time of the last change of any kind, which no program can set back; equals `modified_ns` if the system
    /// does not report it.
    pub changed_ns: i128,
    /// Time of the last read in nanoseconds since 1970, as far as the system records it.
    pub accessed_ns: i128,
    pub access: Access,
    /// A regular file.
    pub is_file: bool,
}

/// Identifies a file regardless of its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FileId {
    pub device: u64,
    pub inode: u64,
}

/// Owner, group and permission bits of a file; all 0 on systems without them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Permission bits, with those for set-user-ID, set-group-ID and sticky.
    pub mode: u32,
    pub owner: u32,
    pub group: u32,
}

/// The file from which another gets owner, permissions, ACL, extended attributes and times:
/// `spec/sidecar/convert.md`, "What is kept".
#[derive(Clone, Copy)]
pub struct Like<'a> {
    pub name: &'a [u8],
    pub status: &'a Status,
    /// False for a file with new content, whose times say when it was written.
    pub with_times: bool,
}

/// The owner, permissions, ACL, attributes or times of a file could not be given to another.
#[derive(Debug)]
struct NotKept(io::Error);

impl std::error::Error for NotKept {}

impl std::fmt::Display for NotKept {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(out)
    }
}

/// Marks an error of giving a file its metadata. A full disk and a file that is gone keep their own codes.
fn not_kept(error: io::Error) -> io::Error {
    if code_of(&error) == error_codes::UNWRITABLE {
        io::Error::other(NotKept(error))
    } else {
        error
    }
}

/// Gives the file `to` the owner, permissions, ACL, attributes and, on request, times of the file `from`.
/// Paths are raw.
pub fn make_like(from: &[u8], to: &[u8], with_times: bool) -> io::Result<()> {
    let mut folder = Folder::new(b"", 0);
    let status = folder.status(from)?.ok_or(ErrorKind::NotFound)?;
    let like = Like {
        name: from,
        status: &status,
        with_times,
    };
    folder.make_like(to, like)
}

/// The raw name of the run's n-th scratch file: `spec/locks.md`, "Runs".
#[must_use]
pub fn scratch_name(run: &str, n: u64) -> Vec<u8> {
    format!(".tandem-{run}-{n}").into_bytes()
}

/// Renames a file atomically to a name that does not exist yet. Fails with ENOSYS if the system has no such
/// call, and with EINVAL if the file system does not support it. Paths are raw.
#[cfg(target_os = "linux")]
pub fn rename_new(from: &[u8], to: &[u8]) -> io::Result<()> {
    let [from, to] = [from, to].map(std::ffi::CString::new);
    let (from, to) = (from?, to?);
    // SAFETY: both paths are NUL-terminated and live through the call. Not every libc has the function.
    let result = unsafe {
        libc::syscall(
            libc::SYS_renameat2,
            libc::AT_FDCWD,
            from.as_ptr(),
            libc::AT_FDCWD,
            to.as_ptr(),
            libc::RENAME_NOREPLACE,
        )
    };
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(not(target_os = "linux"))]
pub fn rename_new(_from: &[u8], _to: &[u8]) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Makes all bytes and names durable on the file system of an open file. `Unsupported` if the system has no
/// such call.
pub fn sync_system(descriptor: i32) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: no memory is involved; a number that is not an open descriptor gives EBADF.
        match unsafe { libc::syncfs(descriptor) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = descriptor;
        Err(ErrorKind::Unsupported.into())
    }
}

/// The code for a change that the system refused. The system's message stays out of rows, because it differs
/// between the engines.
#[must_use]
pub fn code_of(error: &io::Error) -> ErrorCode {
    let words = error.get_ref();
    if words
        .and_then(|words| words.downcast_ref::<NotKept>())
        .is_some()
    {
        return error_codes::NOT_KEPT;
    }
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => error_codes::NO_SPACE,
        ErrorKind::NotFound | ErrorKind::NotADirectory => error_codes::NOT_FOUND,
        _ => error_codes::UNWRITABLE,
    }
}

/// Turns the error for an entry that does not exist into None.
fn unless_gone<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

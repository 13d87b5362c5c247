//! Making a file that is like another: its bytes, owner, permissions, ACL, attributes and times. Names are relative to a folder, so
//! that the system walks a path once a folder and not once a step.

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
use std::io::{self, ErrorKind};

/// What a name stands for, links not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    pub id: FileId,
    pub size: u64,
    /// Nanoseconds since 1970, negative before.
    pub modified_ns: i128,
    /// Of the last change of any kind, which nobody can set back; where a system does not tell it, as `modified_ns`.
    pub changed_ns: i128,
    /// Nanoseconds since 1970 too, as far as the system notes when a file is read.
    pub accessed_ns: i128,
    pub access: Access,
    /// A regular file.
    pub is_file: bool,
}

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FileId {
    pub device: u64,
    pub inode: u64,
}

/// Whose a file is and who may do what with it; nothing where a system has other ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Permission bits, with those for set-user-ID, set-group-ID and sticky.
    pub mode: u32,
    pub owner: u32,
    pub group: u32,
}

/// The file whose owner, permissions, ACL, extended attributes and times another one gets; `spec/sidecar/convert.md`, "What is kept".
#[derive(Clone, Copy)]
pub struct Like<'a> {
    pub name: &'a [u8],
    pub status: &'a Status,
    /// Not for a file that is written anew: its times say when.
    pub with_times: bool,
}

/// What a file has beside its bytes could not be given to another.
#[derive(Debug)]
struct NotKept(io::Error);

impl std::error::Error for NotKept {}

impl std::fmt::Display for NotKept {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(out)
    }
}

/// What a system says that does not give a file what it is to have. A full disk and a file that is gone are told as such.
fn not_kept(error: io::Error) -> io::Error {
    if code_of(&error) == ErrorCode::Unwritable {
        io::Error::other(NotKept(error))
    } else {
        error
    }
}

/// Gives the file `to` what the file `from` has beside its bytes. Paths are raw.
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

/// The raw name of the run's n-th scratch file: `spec/sidecar/locks.md`, "Runs".
#[must_use]
pub fn scratch_name(run: &str, n: u64) -> Vec<u8> {
    format!(".tandem-{run}-{n}").into_bytes()
}

/// Gives a file a name that nothing has, in one step. `ENOSYS` where the system cannot do that; a file system that cannot says EINVAL.
/// Paths are raw.
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

/// Makes all bytes and names durable on the file system of an open file. `Unsupported` where the system has nothing of the kind.
pub fn sync_system(descriptor: i32) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: no memory is involved; a number that is no descriptor is EBADF.
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

/// The code of a change that the system refused. Its words stay out of rows, because they differ between the engines.
#[must_use]
pub fn code_of(error: &io::Error) -> ErrorCode {
    let words = error.get_ref();
    if words
        .and_then(|words| words.downcast_ref::<NotKept>())
        .is_some()
    {
        return ErrorCode::NotKept;
    }
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ErrorCode::NoSpace,
        ErrorKind::NotFound | ErrorKind::NotADirectory => ErrorCode::NotFound,
        _ => ErrorCode::Unwritable,
    }
}

/// What is gone has no status.
fn unless_gone<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

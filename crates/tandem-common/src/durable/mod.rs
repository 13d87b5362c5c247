//! Changing files so that no kill and no power failure loses one: `spec/sidecar/convert.md`, "Steps". Names are relative to a
//! folder, so that the system walks a path once a folder and not once a step.

#[cfg(target_os = "linux")]
mod attributes;
#[cfg(target_os = "linux")]
mod handle;
mod instruments;
mod lease;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod process;
mod run;
mod steps;
mod systems;
#[cfg(all(test, target_os = "linux"))]
mod tests;

pub use lease::{Lease, LockLost, Renewal};
#[cfg(target_os = "linux")]
pub use linux::Folder;
#[cfg(not(target_os = "linux"))]
pub use portable::Folder;
pub use run::{Run, RunLife, Runs, TREE_LOCK, run_of_scratch, scratch_name};
pub use steps::{Begun, Guard, Step, Steps, Watch, What};
pub use systems::FileSystems;

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

/// Gives the file `to` what the file `from` has beside its bytes and its times. Paths are raw.
pub fn keep_access(from: &[u8], to: &[u8]) -> io::Result<()> {
    let mut folder = Folder::new(b"", 0);
    let status = folder.status(from)?.ok_or(ErrorKind::NotFound)?;
    let like = Like {
        name: from,
        status: &status,
        with_times: false,
    };
    folder.make_like(to, like, &Steps::default())
}

/// How a staged file gets its name where nothing has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    Done,
    /// Something has that name.
    Taken,
    /// The system can do this in one step in no way that we know: the name has to be claimed.
    NeedsClaim,
}

/// The code of a change that the system refused. Its words stay out of rows, because they differ between the engines.
#[must_use]
pub fn code_of(error: &io::Error) -> ErrorCode {
    let words = error.get_ref();
    if words
        .and_then(|words| words.downcast_ref::<LockLost>())
        .is_some()
    {
        return ErrorCode::LockLost;
    }
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

/// Whether a folder says that it cannot be synced (Windows, some network file systems): then nothing more can be done, and it is no
/// failure.
fn cannot_sync_folder(error: &io::Error) -> bool {
    // EBADF has no ErrorKind; its number is 9 on every Unix.
    let is_bad_descriptor = cfg!(unix) && error.raw_os_error() == Some(9);
    is_bad_descriptor
        || matches!(
            error.kind(),
            ErrorKind::PermissionDenied
                | ErrorKind::IsADirectory
                | ErrorKind::InvalidInput
                | ErrorKind::Unsupported
        )
}

/// What a system says that has no hard links (FAT, some network shares), or no more of them for this file.
fn has_no_links(error: &io::Error) -> bool {
    // EACCES is of the kind of EPERM, and says that this user may not; its number is 13 on every Unix.
    let is_forbidden = cfg!(unix) && error.raw_os_error() == Some(13);
    !is_forbidden
        && matches!(
            error.kind(),
            ErrorKind::PermissionDenied
                | ErrorKind::Unsupported
                | ErrorKind::InvalidInput
                | ErrorKind::TooManyLinks
        )
}

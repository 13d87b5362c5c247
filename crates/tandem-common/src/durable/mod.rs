//! Changing files so that no kill and no power failure loses one: `spec/sidecar/convert.md`, "Steps". Names are relative to a
//! folder, so that the system walks a path once a folder and not once a step.

mod instruments;
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

#[cfg(target_os = "linux")]
pub use linux::Folder;
#[cfg(not(target_os = "linux"))]
pub use portable::Folder;
pub use run::{Run, Runs, run_of_scratch, scratch_name};
pub use steps::{Begun, Step, Steps, Watch, What};
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
    pub access: Access,
    /// A regular file.
    pub is_file: bool,
}

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

//! Makes files by path with the standard library, for systems whose native calls have not been measured.

use super::{Access, FileId, Like, Status, not_kept, unless_gone};
use crate::file::facts_of;
use crate::path::{join, with_path};
use std::fs::{self, File, FileTimes, Metadata, OpenOptions};
use std::io::{self, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub struct Folder {
    path: Vec<u8>,
}

#[allow(clippy::needless_pass_by_ref_mut)]
impl Folder {
    #[must_use]
    pub fn new(path: &[u8], _files: usize) -> Self {
        Self {
            path: path.to_vec(),
        }
    }

    pub fn status(&mut self, name: &[u8]) -> io::Result<Option<Status>> {
        let found = with_path(&join(&self.path, name), |path| fs::symlink_metadata(path));
        unless_gone(found.map(|metadata| status_of(&metadata)))
    }

    pub fn create(&mut self, name: &[u8], bytes: &[u8], like: Like<'_>) -> io::Result<FileId> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let path = join(&self.path, name);
        let file = with_path(&path, |path| options.open(path))?;
        let filled = self.fill(file, bytes, like);
        if filled.is_err() {
            let _ = with_path(&path, |path| fs::remove_file(path));
        }
        filled
    }

    /// Gives an existing file the owner, permissions and, on request, times of another; on macOS also ACL and
    /// attributes.
    pub fn make_like(&mut self, name: &[u8], like: Like<'_>) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.read(true).write(cfg!(windows));
        let file = with_path(&join(&self.path, name), |path| options.open(path))?;
        self.give(&file, like).map_err(not_kept)
    }

    /// Takes the file by value to close it: Windows does not remove an open file.
    fn fill(&self, mut file: File, bytes: &[u8], like: Like<'_>) -> io::Result<FileId> {
        file.write_all(bytes)?;
        self.give(&file, like).map_err(not_kept)?;
        Ok(status_of(&file.metadata()?).id)
    }

    #[cfg_attr(not(target_os = "macos"), allow(clippy::unused_self))]
    fn give(&self, file: &File, like: Like<'_>) -> io::Result<()> {
        let access = like.status.access;
        give_owner(file, access)?;
        #[cfg(target_os = "macos")]
        {
            let from = with_path(&join(&self.path, like.name), |path| File::open(path))?;
            copy_attributes(&from, file)?;
        }
        give_mode(file, access)?;
        if like.with_times {
            let times = FileTimes::new()
                .set_accessed(time(like.status.accessed_ns))
                .set_modified(time(like.status.modified_ns));
            file.set_times(times)?;
        }
        Ok(())
    }
}

fn status_of(metadata: &Metadata) -> Status {
    let facts = facts_of(metadata);
    Status {
        id: FileId {
            device: facts.device,
            inode: facts.inode,
        },
        size: facts.size,
        modified_ns: facts.modified_ns,
        changed_ns: facts.changed_ns,
        accessed_ns: metadata.accessed().map_or(facts.modified_ns, ns_of),
        access: access_of(metadata),
        is_file: metadata.is_file(),
    }
}

#[cfg(unix)]
fn access_of(metadata: &Metadata) -> Access {
    use std::os::unix::fs::MetadataExt;
    Access {
        mode: metadata.mode() & 0o7777,
        owner: metadata.uid(),
        group: metadata.gid(),
    }
}

#[cfg(not(unix))]
fn access_of(_metadata: &Metadata) -> Access {
    Access::default()
}

fn ns_of(time: SystemTime) -> i128 {
    let ns = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
    time.duration_since(UNIX_EPOCH)
        .map_or_else(|before| -ns(before.duration()), ns)
}

fn time(ns: i128) -> SystemTime {
    let length = Duration::from_nanos(u64::try_from(ns.unsigned_abs()).unwrap_or(u64::MAX));
    let time = if ns < 0 {
        UNIX_EPOCH.checked_sub(length)
    } else {
        UNIX_EPOCH.checked_add(length)
    };
    time.unwrap_or(UNIX_EPOCH)
}

#[cfg(unix)]
fn give_owner(file: &File, access: Access) -> io::Result<()> {
    let made = access_of(&file.metadata()?);
    if (made.owner, made.group) == (access.owner, access.group) {
        return Ok(());
    }
    std::os::unix::fs::fchown(file, Some(access.owner), Some(access.group))
}

/// After the owner: chown clears the bits for set-user-ID and set-group-ID.
#[cfg(unix)]
fn give_mode(file: &File, access: Access) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(access.mode))
}

/// On these systems a new file keeps the access rules that its folder gives it.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn give_owner(_file: &File, _access: Access) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn give_mode(_file: &File, _access: Access) -> io::Result<()> {
    Ok(())
}

/// ACL and extended attributes, except those that the system keeps for itself.
#[cfg(target_os = "macos")]
fn copy_attributes(from: &File, to: &File) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let what = libc::COPYFILE_ACL | libc::COPYFILE_XATTR;
    // SAFETY: both descriptors are open for the whole call, and the state may be null.
    let copied =
        unsafe { libc::fcopyfile(from.as_raw_fd(), to.as_raw_fd(), std::ptr::null_mut(), what) };
    if copied == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

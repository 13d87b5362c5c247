//! One open file of a folder, and the metadata that it gets.

use super::{Access, FileId, Like, Status, attributes};
use std::io::{self, ErrorKind};
use std::mem::MaybeUninit;

const PERMISSIONS: u32 = 0o7777;

pub(super) const OWN_WRITE: u32 = 0o200;

/// The metadata that a new file gets.
pub(super) struct Traits<'a> {
    pub(super) like: Like<'a>,
    /// The source, open if it has attributes.
    pub(super) from: Option<Handle>,
    /// The new file may have inherited an ACL.
    pub(super) gives_acls: bool,
}

impl Traits<'_> {
    /// The mode with which a new file is created, until it has its owner. The owner may read and write. Group
    /// and others get their permissions of the source, without execute, only if both have the same, because
    /// the group may still be a different one, and only if neither attributes nor an inherited ACL are
    /// involved.
    pub(super) fn first_mode(&self) -> u32 {
        let mode = self.like.status.access.mode;
        let (group, others) = (mode >> 3 & 7, mode & 7);
        if group == others && self.from.is_none() && !self.gives_acls {
            0o600 | (mode & 0o066)
        } else {
            0o600
        }
    }
}

pub(super) fn checked(result: i32) -> io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// The value came from the system's own timespec, so the casts lose nothing.
#[allow(clippy::cast_possible_truncation)]
fn time(ns: i128) -> libc::timespec {
    libc::timespec {
        tv_sec: ns.div_euclid(1_000_000_000) as libc::time_t,
        tv_nsec: ns.rem_euclid(1_000_000_000) as libc::c_long,
    }
}

pub(super) fn status_of(stat: &libc::stat64) -> Status {
    Status {
        id: FileId {
            device: stat.st_dev,
            inode: stat.st_ino,
        },
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified_ns: i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec),
        changed_ns: i128::from(stat.st_ctime) * 1_000_000_000 + i128::from(stat.st_ctime_nsec),
        accessed_ns: i128::from(stat.st_atime) * 1_000_000_000 + i128::from(stat.st_atime_nsec),
        access: Access {
            mode: stat.st_mode & PERMISSIONS,
            owner: stat.st_uid,
            group: stat.st_gid,
        },
        is_file: stat.st_mode & libc::S_IFMT == libc::S_IFREG,
    }
}

/// An open descriptor that this value owns.
pub(super) struct Handle(pub(super) i32);

impl Handle {
    pub(super) fn fill(&self, bytes: &[u8]) -> io::Result<Status> {
        self.write(bytes)?;
        self.status()
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut left = bytes;
        while !left.is_empty() {
            // SAFETY: the kernel reads at most `left.len()` bytes of `left`, which is borrowed for the call.
            let count =
                unsafe { libc::syscall(libc::SYS_write, self.0, left.as_ptr(), left.len()) };
            match usize::try_from(count) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                // A disk that is nearly full takes a part of the bytes and gives the error for the rest.
                Ok(count) => left = &left[count.min(left.len())..],
                Err(_) => {
                    let error = io::Error::last_os_error();
                    if error.kind() != ErrorKind::Interrupted {
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn status(&self) -> io::Result<Status> {
        let mut stat = MaybeUninit::<libc::stat64>::uninit();
        // SAFETY: `stat` is writable for the whole call.
        checked(unsafe { libc::fstat64(self.0, stat.as_mut_ptr()) })?;
        // SAFETY: a call that returned 0 has filled the whole structure.
        Ok(status_of(&unsafe { stat.assume_init() }))
    }

    /// Makes no call for what the file already has. The order matters: chown clears mode bits and
    /// capabilities, an ACL changes the permissions of the group, and changes can alter the times.
    pub(super) fn make_like(&self, traits: &Traits<'_>, made: &Status) -> io::Result<()> {
        let status = traits.like.status;
        let access = status.access;
        let given = access.owner != made.access.owner || access.group != made.access.group;
        if given {
            // SAFETY: no memory is involved.
            checked(unsafe { libc::fchown(self.0, access.owner, access.group) })?;
        }
        if traits.from.is_some() || traits.gives_acls {
            attributes::copy(traits.from.as_ref().map(|from| from.0), self.0)?;
        }
        if given || traits.from.is_some() || traits.gives_acls || access.mode != made.access.mode {
            self.set_mode(access.mode)?;
        }
        if traits.like.with_times {
            let times = [time(status.accessed_ns), time(status.modified_ns)];
            // SAFETY: the two times live through the call.
            checked(unsafe { libc::futimens(self.0, times.as_ptr()) })?;
        }
        Ok(())
    }

    pub(super) fn set_mode(&self, mode: u32) -> io::Result<()> {
        // SAFETY: no memory is involved.
        checked(unsafe { libc::fchmod(self.0, mode) })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the descriptor is open and only this value owns it; nothing uses it after this call.
        unsafe { libc::syscall(libc::SYS_close, self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Tree;
    use std::fs::{File, FileTimes};
    use std::os::fd::IntoRawFd;
    use std::os::unix::fs::MetadataExt;
    use std::time::{Duration, SystemTime};

    /// The status of a new file, with this mode in it.
    fn status_with(mode: u32) -> Status {
        let tree = Tree::new();
        tree.file("a", "bytes");
        let file = File::open(tree.path().join("a")).unwrap();
        let mut status = Handle(file.into_raw_fd()).status().unwrap();
        status.access.mode = mode;
        status
    }

    #[test]
    fn a_new_file_is_open_to_others_only_where_all_of_them_are_one() {
        for (mode, gives_acls, first) in [
            (0o644, false, 0o644),
            (0o666, false, 0o666),
            (0o755, false, 0o644),
            (0o600, false, 0o600),
            (0o444, false, 0o644),
            (0o640, false, 0o600),
            (0o604, false, 0o600),
            (0o664, false, 0o600),
            (0o644, true, 0o600),
        ] {
            let status = status_with(mode);
            let like = Like {
                name: b"a",
                status: &status,
                with_times: true,
            };
            let mut traits = Traits {
                like,
                from: None,
                gives_acls,
            };
            assert_eq!(traits.first_mode(), first, "{mode:o}");
            traits.from = Some(Handle(File::open("/").unwrap().into_raw_fd()));
            assert_eq!(traits.first_mode(), 0o600, "{mode:o}");
        }
    }

    #[test]
    fn a_status_says_what_the_system_says() {
        let tree = Tree::new();
        tree.file("a", "bytes");
        let path = tree.path().join("a");
        let file = File::open(&path).unwrap();
        let at =
            |seconds, nanoseconds| SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds);
        let times = FileTimes::new()
            .set_modified(at(11, 22))
            .set_accessed(at(33, 44));
        file.set_times(times).unwrap();
        let known = file.metadata().unwrap();
        let status = Handle(file.into_raw_fd()).status().unwrap();
        assert_eq!(
            (status.modified_ns, status.accessed_ns),
            (11_000_000_022, 33_000_000_044)
        );
        let changed = i128::from(known.ctime()) * 1_000_000_000 + i128::from(known.ctime_nsec());
        assert_eq!(status.changed_ns, changed);
        assert_eq!(
            (status.id.device, status.id.inode),
            (known.dev(), known.ino())
        );
        assert_eq!((status.size, status.is_file), (5, true));
        let access = status.access;
        assert_eq!((access.owner, access.group), (known.uid(), known.gid()));
        assert_eq!(access.mode, known.mode() & 0o7777);
        let folder = Handle(File::open(tree.path()).unwrap().into_raw_fd());
        assert!(!folder.status().unwrap().is_file);
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        let file = Handle(File::open("/").unwrap().into_raw_fd());
        let refused = file.fill(b"bytes").unwrap_err();
        assert_eq!(refused.raw_os_error(), Some(libc::EBADF));
    }
}

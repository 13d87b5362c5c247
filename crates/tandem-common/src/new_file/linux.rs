//! Makes files relative to a folder's descriptor.

use super::handle::{Handle, OWN_WRITE, Traits, checked, status_of};
use super::{FileId, Like, Status, attributes, not_kept, unless_gone};
use crate::path::{check_length, join_into};
use std::ffi::CStr;
use std::io::{self, ErrorKind};
use std::mem::MaybeUninit;

/// Below this many files a descriptor for the folder costs more than it saves.
const WORTH_A_DESCRIPTOR: usize = 3;

const OPEN_TO_LOOK: i32 =
    libc::O_RDONLY | libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;

/// A folder in which files are made. Holds at most one descriptor, which belongs to the descriptor table of
/// the thread that opened it.
pub struct Folder {
    path: Vec<u8>,
    descriptor: Option<Handle>,
    /// Whether new files inherit an ACL from it; None until the first query.
    gives_acls: Option<bool>,
    /// A name for the system, with its NUL; kept to save allocations.
    room: Vec<u8>,
}

impl Folder {
    /// `files` is the number of files to work on. A folder that cannot be opened is not an error: its files
    /// will report the reason.
    #[must_use]
    pub fn new(path: &[u8], files: usize) -> Self {
        let mut folder = Self {
            path: path.to_vec(),
            descriptor: None,
            gives_acls: None,
            room: Vec::new(),
        };
        if files >= WORTH_A_DESCRIPTOR && !path.is_empty() {
            let flags = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
            folder.descriptor = folder.open(b"", flags, 0).ok();
        }
        folder
    }

    /// None if the name does not exist.
    pub fn status(&mut self, name: &[u8]) -> io::Result<Option<Status>> {
        let at = self.at();
        let name = self.name(name)?;
        let mut stat = MaybeUninit::<libc::stat64>::uninit();
        // SAFETY: `name` is NUL-terminated and `stat` is writable, both for the whole call.
        let result = unsafe {
            libc::fstatat64(
                at,
                name.as_ptr(),
                stat.as_mut_ptr(),
                libc::AT_SYMLINK_NOFOLLOW,
            )
        };
        // SAFETY: a call that returned 0 has filled the whole structure.
        unless_gone(checked(result).map(|()| status_of(&unsafe { stat.assume_init() })))
    }

    /// Creates a file, writes all its bytes and makes it like another. `AlreadyExists` if the name is taken.
    /// After an error the new file is removed, if it can be.
    pub fn create(&mut self, name: &[u8], bytes: &[u8], like: Like<'_>) -> io::Result<FileId> {
        let flags =
            libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW | libc::O_CLOEXEC;
        let traits = self.traits_of(like)?;
        let file = self.open(name, flags, traits.first_mode())?;
        let filled = file.fill(bytes).and_then(|made| {
            file.make_like(&traits, &made).map_err(not_kept)?;
            Ok(made.id)
        });
        if filled.is_err() {
            let _ = self.unlink(name);
        }
        filled
    }

    /// Gives an existing file the owner, permissions, ACL, attributes and, on request, times of another.
    pub fn make_like(&mut self, name: &[u8], like: Like<'_>) -> io::Result<()> {
        let traits = self.traits_of(like)?;
        let file = self.open(name, OPEN_TO_LOOK, 0)?;
        let mut made = file.status()?;
        if made.access.mode & OWN_WRITE == 0 {
            // Setting attributes needs write permission.
            made.access.mode |= OWN_WRITE;
            file.set_mode(made.access.mode).map_err(not_kept)?;
        }
        file.make_like(&traits, &made).map_err(not_kept)
    }

    /// Nearly every file has no attributes, and its folder gives no ACL; then this takes one call per file.
    fn traits_of<'a>(&mut self, like: Like<'a>) -> io::Result<Traits<'a>> {
        let gives_acls = if let Some(known) = self.gives_acls {
            known
        } else {
            attributes::gives_acls(self.full_path(b"")?)
        };
        self.gives_acls = Some(gives_acls);
        let has_any = attributes::has_any(self.full_path(like.name)?).map_err(not_kept)?;
        let from = if has_any {
            let from = self.open(like.name, OPEN_TO_LOOK, 0).map_err(not_kept)?;
            if from.status()?.id != like.status.id {
                return Err(ErrorKind::NotFound.into());
            }
            Some(from)
        } else {
            None
        };
        Ok(Traits {
            like,
            from,
            gives_acls,
        })
    }

    fn unlink(&mut self, name: &[u8]) -> io::Result<()> {
        let at = self.at();
        let name = self.name(name)?;
        // SAFETY: `name` is NUL-terminated and lives through the call.
        checked(unsafe { libc::unlinkat(at, name.as_ptr(), 0) })
    }

    fn open(&mut self, name: &[u8], flags: i32, mode: u32) -> io::Result<Handle> {
        let at = self.at();
        let name = self.name(name)?;
        // SAFETY: `name` is NUL-terminated and lives through the call. Not libc's `openat`, which is a
        // cancellation point.
        let fd = unsafe {
            libc::syscall(
                libc::SYS_openat,
                at,
                name.as_ptr(),
                flags | libc::O_LARGEFILE,
                mode,
            )
        };
        // A descriptor is an int; only an error is negative.
        let fd = i32::try_from(fd).ok().filter(|fd| *fd >= 0);
        fd.map(Handle).ok_or_else(io::Error::last_os_error)
    }

    fn at(&self) -> i32 {
        self.descriptor
            .as_ref()
            .map_or(libc::AT_FDCWD, |folder| folder.0)
    }

    fn name(&mut self, name: &[u8]) -> io::Result<&CStr> {
        let path: &[u8] = if self.descriptor.is_some() {
            check_length(&self.path, name)?;
            b""
        } else {
            &self.path
        };
        let out = &mut self.room;
        out.clear();
        join_into(out, path, name);
        out.push(0);
        CStr::from_bytes_with_nul(out).map_err(|_| ErrorKind::InvalidInput.into())
    }

    /// For system calls that take no folder descriptor.
    fn full_path(&mut self, name: &[u8]) -> io::Result<&CStr> {
        let out = &mut self.room;
        out.clear();
        join_into(out, &self.path, name);
        if out.is_empty() {
            out.push(b'.');
        }
        out.push(0);
        CStr::from_bytes_with_nul(out).map_err(|_| ErrorKind::InvalidInput.into())
    }
}

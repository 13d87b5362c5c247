//! Steps relative to a folder's descriptor.

use super::{
    Access, Begun, FileId, Placed, Status, Steps, What, cannot_sync_folder, has_no_links,
    unless_gone,
};
use crate::path::{check_length, join_into};
use std::ffi::CStr;
use std::io::{self, ErrorKind};
use std::mem::MaybeUninit;

/// Below this many files a descriptor for the folder costs more than it saves.
const WORTH_A_DESCRIPTOR: usize = 3;

const PERMISSIONS: u32 = 0o7777;

/// A folder in which files are made, renamed and removed. Holds at most one descriptor, of the thread that opened it.
pub struct Folder {
    path: Vec<u8>,
    descriptor: Option<Handle>,
    /// Two names for the system, each with its NUL; kept to save allocations.
    names: [Vec<u8>; 2],
}

impl Folder {
    /// `files` is how many will be worked on. A folder that cannot be opened is no error: its files will say why.
    #[must_use]
    pub fn new(path: &[u8], files: usize) -> Self {
        let mut folder = Self {
            path: path.to_vec(),
            descriptor: None,
            names: [Vec::new(), Vec::new()],
        };
        if files >= WORTH_A_DESCRIPTOR && !path.is_empty() {
            let flags = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
            folder.descriptor = folder.open(b"", flags, 0).ok();
        }
        folder
    }

    /// None for a name that nothing has.
    pub fn status(&mut self, name: &[u8]) -> io::Result<Option<Status>> {
        let at = self.at();
        let name = self.name(0, name)?;
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

    /// Makes a file that was not there, writes all of it and gives it owner (where that is allowed) and permissions. `AlreadyExists`
    /// where something has that name. After an error there is no such file, if it can be removed.
    pub fn create(
        &mut self,
        name: &[u8],
        bytes: &[u8],
        access: Option<Access>,
        steps: &Steps,
    ) -> io::Result<FileId> {
        let flags =
            libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW | libc::O_CLOEXEC;
        let permissions = access.map_or(0o666, first_mode);
        let file = steps
            .begin(What::Create, &self.path, name)
            .and_then(|_step| self.open(name, flags, permissions))?;
        let filled = file.fill(bytes, access, |what| steps.begin(what, &self.path, name));
        if filled.is_err() {
            let _ = self.unlink(name, steps);
        }
        filled
    }

    /// Gives a staged file its name, if nothing has that name. The staged name is gone then.
    pub fn place(&mut self, staged: &[u8], target: &[u8], steps: &Steps) -> io::Result<Placed> {
        let placed = steps
            .begin_naming(What::Place, &self.path, staged, target)
            .and_then(|_step| self.rename_with(staged, target, libc::RENAME_NOREPLACE));
        match placed {
            Ok(()) => Ok(Placed::Done),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Placed::Taken),
            // A kernel before 3.15 or a file system (NFS) that does not know the flag.
            Err(error) if is_unknown(&error) => self.link(staged, target, steps),
            Err(error) => Err(error),
        }
    }

    fn link(&mut self, staged: &[u8], target: &[u8], steps: &Steps) -> io::Result<Placed> {
        let linked = steps
            .begin_naming(What::Link, &self.path, staged, target)
            .and_then(|_step| {
                let at = self.at();
                let (from, to) = self.both(staged, target)?;
                // SAFETY: both names are NUL-terminated and live through the call.
                checked(unsafe { libc::linkat(at, from.as_ptr(), at, to.as_ptr(), 0) })
            });
        match linked {
            Ok(()) => {
                // It is in its place; a second name that stays the next run sweeps up.
                let _ = self.unlink(staged, steps);
                Ok(Placed::Done)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Placed::Taken),
            Err(error) if has_no_links(&error) || is_unknown(&error) => Ok(Placed::NeedsClaim),
            Err(error) => Err(error),
        }
    }

    /// Gives a staged file its name, whatever has it.
    pub fn replace(&mut self, staged: &[u8], target: &[u8], steps: &Steps) -> io::Result<()> {
        let _step = steps.begin_naming(What::Rename, &self.path, staged, target)?;
        self.rename_with(staged, target, 0)
    }

    pub fn unlink(&mut self, name: &[u8], steps: &Steps) -> io::Result<()> {
        let _step = steps.begin(What::Unlink, &self.path, name)?;
        let at = self.at();
        let name = self.name(0, name)?;
        // SAFETY: `name` is NUL-terminated and lives through the call.
        checked(unsafe { libc::unlinkat(at, name.as_ptr(), 0) })
    }

    /// Makes the bytes of a file durable.
    pub fn sync_file(&mut self, name: &[u8], steps: &Steps) -> io::Result<()> {
        let _step = steps.begin(What::Sync, &self.path, name)?;
        self.open(name, libc::O_RDONLY | libc::O_NOFOLLOW | libc::O_CLOEXEC, 0)?
            .sync()
    }

    /// Makes the names in it durable, where the system can.
    pub fn sync(&mut self, steps: &Steps) -> io::Result<()> {
        let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC;
        let synced = steps
            .begin(What::SyncFolder, &self.path, b"")
            .and_then(|_step| self.open(b".", flags, 0)?.sync());
        match synced {
            Err(error) if cannot_sync_folder(&error) => Ok(()),
            synced => synced,
        }
    }

    fn rename_with(&mut self, from: &[u8], to: &[u8], flags: u32) -> io::Result<()> {
        let at = self.at();
        let (from, to) = self.both(from, to)?;
        // SAFETY: both names are NUL-terminated and live through the call. Not every libc has the function.
        let result = unsafe {
            libc::syscall(
                libc::SYS_renameat2,
                at,
                from.as_ptr(),
                at,
                to.as_ptr(),
                flags,
            )
        };
        checked(if result == 0 { 0 } else { -1 })
    }

    fn open(&mut self, name: &[u8], flags: i32, mode: u32) -> io::Result<Handle> {
        let at = self.at();
        let name = self.name(0, name)?;
        // SAFETY: `name` is NUL-terminated and lives through the call. The bare call, because libc's is a cancellation point.
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

    fn name(&mut self, which: usize, name: &[u8]) -> io::Result<&CStr> {
        let path: &[u8] = if self.descriptor.is_some() {
            check_length(&self.path, name)?;
            b""
        } else {
            &self.path
        };
        let out = &mut self.names[which];
        out.clear();
        join_into(out, path, name);
        out.push(0);
        CStr::from_bytes_with_nul(out).map_err(|_| ErrorKind::InvalidInput.into())
    }

    fn both(&mut self, one: &[u8], other: &[u8]) -> io::Result<(&CStr, &CStr)> {
        self.name(0, one)?;
        self.name(1, other)?;
        let [one, other] = &self.names;
        let named = |bytes| {
            CStr::from_bytes_with_nul(bytes).map_err(|_| io::Error::from(ErrorKind::InvalidInput))
        };
        Ok((named(one)?, named(other)?))
    }
}

/// The mode a new file is made with, until it has its owner: what its own user may do, and what the others may where everybody may as
/// much as the group, which may still be another one.
fn first_mode(access: Access) -> u32 {
    let (group, others) = (access.mode >> 3 & 7, access.mode & 7);
    let own = access.mode & 0o600 | 0o600;
    if group == others {
        own | (access.mode & 0o066)
    } else {
        0o600
    }
}

fn is_unknown(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::Unsupported
    )
}

fn checked(result: i32) -> io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

fn status_of(stat: &libc::stat64) -> Status {
    Status {
        id: FileId {
            device: stat.st_dev,
            inode: stat.st_ino,
        },
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified_ns: i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec),
        access: Access {
            mode: stat.st_mode & PERMISSIONS,
            owner: stat.st_uid,
            group: stat.st_gid,
        },
        is_file: stat.st_mode & libc::S_IFMT == libc::S_IFREG,
    }
}

/// An open descriptor of ours alone.
struct Handle(i32);

impl Handle {
    fn fill(
        &self,
        bytes: &[u8],
        access: Option<Access>,
        begin: impl Fn(What) -> io::Result<Begun>,
    ) -> io::Result<FileId> {
        begin(What::Write).and_then(|_step| self.write(bytes))?;
        let made = self.status()?;
        if let Some(access) = access {
            self.give(access, &made, begin)?;
        }
        Ok(made.id)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut left = bytes;
        while !left.is_empty() {
            // SAFETY: the kernel reads at most `left.len()` bytes of `left`, which is borrowed for the call.
            let count =
                unsafe { libc::syscall(libc::SYS_write, self.0, left.as_ptr(), left.len()) };
            match usize::try_from(count) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                // A disk that is nearly full takes a part, and says why only when asked for the rest.
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

    fn status(&self) -> io::Result<Status> {
        let mut stat = MaybeUninit::<libc::stat64>::uninit();
        // SAFETY: `stat` is writable for the whole call.
        checked(unsafe { libc::fstat64(self.0, stat.as_mut_ptr()) })?;
        // SAFETY: a call that returned 0 has filled the whole structure.
        Ok(status_of(&unsafe { stat.assume_init() }))
    }

    /// The system is asked for nothing that is so already.
    fn give(
        &self,
        access: Access,
        made: &Status,
        begin: impl Fn(What) -> io::Result<Begun>,
    ) -> io::Result<()> {
        let given = access.owner != made.access.owner || access.group != made.access.group;
        // Only root may give a file away: where it fails the file is still ours, and the document in it is what counts.
        if given && let Ok(_step) = begin(What::Owner) {
            // SAFETY: no memory is involved.
            unsafe { libc::fchown(self.0, access.owner, access.group) };
        }
        // After the owner: chown clears the bits for set-user-ID and set-group-ID.
        if given || access.mode != made.access.mode {
            let _step = begin(What::Mode)?;
            // SAFETY: no memory is involved.
            checked(unsafe { libc::fchmod(self.0, access.mode) })?;
        }
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        // SAFETY: no memory is involved.
        checked(unsafe { libc::fsync(self.0) })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the descriptor is open, and nobody else has it; after this nobody has.
        unsafe { libc::syscall(libc::SYS_close, self.0) };
    }
}

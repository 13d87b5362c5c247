//! Lists folders with `getdents64`, without an allocation per entry, and without a `stat` if the file system
//! reports types.

use super::listing::{Failure, Kind, leads_nowhere};
use crate::path::check_length;
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// A folder of 500 pairs takes one call; larger buffers are not measurably faster.
const BUFFER_BYTES: usize = 256 * 1024;

/// Offsets within `struct linux_dirent64`: `d_ino` 8 bytes, `d_off` 8, `d_reclen` 2, `d_type` 1, then the
/// name and a NUL.
const RECORD_LENGTH: usize = 16;
const TYPE: usize = 18;
const NAME: usize = 19;

pub(super) fn list(
    path: &[u8],
    follow: bool,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(&[u8], Kind),
) -> Result<(), Failure> {
    let descriptor = open(path, follow).map_err(|error| match error.raw_os_error() {
        // A link has replaced the folder, and O_NOFOLLOW refuses it.
        Some(libc::ELOOP) if !follow => Failure::NotAFolder,
        _ => Failure::of(&error),
    })?;
    let folder = Listed { path, descriptor };
    if buffer.is_empty() {
        buffer.resize(BUFFER_BYTES, 0);
    }
    loop {
        let filled = read_entries(&folder.descriptor, buffer).map_err(|_| Failure::Unreadable)?;
        if filled == 0 {
            return Ok(());
        }
        let mut records = &buffer[..filled];
        while records.len() > NAME {
            let length = usize::from(u16::from_ne_bytes([
                records[RECORD_LENGTH],
                records[RECORD_LENGTH + 1],
            ]));
            let (record, rest) = records.split_at(length.clamp(NAME, records.len()));
            records = rest;
            let padded = &record[NAME..];
            let end = padded
                .iter()
                .position(|byte| *byte == 0)
                .unwrap_or(padded.len());
            let name = &padded[..end];
            if name != b"." && name != b".." {
                each(name, kind_of(&folder, name, record[TYPE]));
            }
        }
    }
}

/// A folder that is being listed.
struct Listed<'a> {
    path: &'a [u8],
    descriptor: OwnedFd,
}

fn open(path: &[u8], follow: bool) -> io::Result<OwnedFd> {
    let path = CString::new(path)?;
    let flags = libc::O_RDONLY
        | libc::O_DIRECTORY
        | libc::O_CLOEXEC
        | if follow { 0 } else { libc::O_NOFOLLOW };
    // SAFETY: `path` is a NUL-terminated string that outlives the call.
    let fd = unsafe { libc::open(path.as_ptr(), flags) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: `fd` is open and nothing else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

fn read_entries(folder: &OwnedFd, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: the kernel writes at most `buffer.len()` bytes into `buffer`, which is initialized and borrowed
    // for the call.
    let filled = unsafe {
        libc::syscall(
            libc::SYS_getdents64,
            folder.as_raw_fd(),
            buffer.as_mut_ptr(),
            buffer.len(),
        )
    };
    usize::try_from(filled).map_err(|_| io::Error::last_os_error())
}

fn kind_of(folder: &Listed<'_>, name: &[u8], kind: u8) -> Kind {
    match kind {
        libc::DT_REG => Kind::File,
        libc::DT_DIR => Kind::Folder,
        libc::DT_LNK => target_of(folder, name),
        // Some file systems report no types: old XFS, and many in user space.
        libc::DT_UNKNOWN => match mode(folder, name, libc::AT_SYMLINK_NOFOLLOW) {
            Err(_) => Kind::Gone,
            Ok(libc::S_IFREG) => Kind::File,
            Ok(libc::S_IFDIR) => Kind::Folder,
            Ok(libc::S_IFLNK) => target_of(folder, name),
            Ok(_) => Kind::Special,
        },
        _ => Kind::Special,
    }
}

fn target_of(folder: &Listed<'_>, name: &[u8]) -> Kind {
    match mode(folder, name, 0) {
        Ok(libc::S_IFREG) => Kind::FileLink,
        Ok(libc::S_IFDIR) => Kind::FolderLink,
        Ok(_) => Kind::SpecialLink,
        Err(error) if leads_nowhere(&error) => Kind::BrokenLink,
        // Inaccessible, not gone: opening it will give the reason.
        Err(_) => Kind::FileLink,
    }
}

/// The type bits of an entry of `folder`.
fn mode(folder: &Listed<'_>, name: &[u8], flags: i32) -> io::Result<libc::mode_t> {
    check_length(folder.path, name)?;
    let name = CString::new(name)?;
    let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: `name` is NUL-terminated and `stat` is writable, both for the whole call.
    let result = unsafe {
        libc::fstatat(
            folder.descriptor.as_raw_fd(),
            name.as_ptr(),
            stat.as_mut_ptr(),
            flags,
        )
    };
    if result != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a call that returned 0 has filled the whole structure.
    Ok(unsafe { stat.assume_init() }.st_mode & libc::S_IFMT)
}

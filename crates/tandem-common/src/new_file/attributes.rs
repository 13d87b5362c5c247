//! Extended attributes, which hold ACLs too: `spec/sidecar/convert.md`, "What is kept".

use std::ffi::CStr;
use std::io;
use std::ptr;

const ACL: &CStr = c"system.posix_acl_access";
const ACL_OF_NEW_FILES: &CStr = c"system.posix_acl_default";

/// Labels and signatures. The part of the system that set them on the source sets them on the new file too.
const OF_THE_SYSTEM: &[u8] = b"security.";
/// ACLs. They are set last, because they may forbid setting the others.
const RULES: &[u8] = b"system.";

/// Whether a file has any; a link is not followed.
pub(super) fn has_any(path: &CStr) -> io::Result<bool> {
    // SAFETY: `path` is NUL-terminated; a size of 0 queries only the size.
    let size = unsafe { libc::llistxattr(path.as_ptr(), ptr::null_mut(), 0) };
    Ok(none_if_unknown(size)? > 0)
}

/// Whether files made in a folder get an ACL from it; false if that cannot be read.
pub(super) fn gives_acls(folder: &CStr) -> bool {
    // SAFETY: both are NUL-terminated; a size of 0 queries only the size.
    let size = unsafe {
        libc::getxattr(
            folder.as_ptr(),
            ACL_OF_NEW_FILES.as_ptr(),
            ptr::null_mut(),
            0,
        )
    };
    size > 0
}

/// Gives the file `to` all attributes of the file `from`, and removes its ACL if that file has none. Both are
/// open descriptors.
pub(super) fn copy(from: Option<i32>, to: i32) -> io::Result<()> {
    let names = from.map_or(Ok(Vec::new()), names_of)?;
    let mut names: Vec<&CStr> = names
        .split_inclusive(|byte| *byte == 0)
        .filter_map(|name| CStr::from_bytes_with_nul(name).ok())
        .collect();
    names.sort_by_key(|name| name.to_bytes().starts_with(RULES));
    for name in &names {
        let Some(value) = from.map_or(Ok(None), |from| value_of(from, name))? else {
            continue;
        };
        // SAFETY: `name` is NUL-terminated, and the kernel reads `value.len()` bytes of `value`.
        let set =
            unsafe { libc::fsetxattr(to, name.as_ptr(), value.as_ptr().cast(), value.len(), 0) };
        if set != 0 && !name.to_bytes().starts_with(OF_THE_SYSTEM) {
            return Err(io::Error::last_os_error());
        }
    }
    if names.contains(&ACL) {
        return Ok(());
    }
    // SAFETY: the name is NUL-terminated.
    let removed = unsafe { libc::fremovexattr(to, ACL.as_ptr()) };
    none_if_unknown(removed as isize).map(|_| ())
}

/// The names of all attributes, each with a NUL at its end.
fn names_of(file: i32) -> io::Result<Vec<u8>> {
    filled(|room| {
        // SAFETY: the kernel writes at most `room.len()` bytes into `room`.
        unsafe { libc::flistxattr(file, room.as_mut_ptr().cast(), room.len()) }
    })
}

/// None if the attribute was removed meanwhile, or is listed and has no value.
fn value_of(file: i32, name: &CStr) -> io::Result<Option<Vec<u8>>> {
    let value = filled(|room| {
        // SAFETY: `name` is NUL-terminated, and the kernel writes at most `room.len()` bytes into `room`.
        unsafe { libc::fgetxattr(file, name.as_ptr(), room.as_mut_ptr().cast(), room.len()) }
    });
    match value {
        Ok(value) => Ok(Some(value)),
        Err(error) => match error.raw_os_error() {
            Some(libc::ENODATA | libc::ENOTSUP) => Ok(None),
            _ => Err(error),
        },
    }
}

/// The limit of a list and of a value: `xattr(7)`.
const MOST_BYTES: usize = 64 * 1024;

fn filled(ask: impl FnOnce(&mut [u8]) -> isize) -> io::Result<Vec<u8>> {
    let mut room = vec![0; MOST_BYTES];
    let size = usize::try_from(ask(&mut room)).map_err(|_| io::Error::last_os_error())?;
    room.truncate(size);
    Ok(room)
}

/// Turns the errors for a missing attribute, and for a system or file system without attributes, into 0.
fn none_if_unknown(result: isize) -> io::Result<isize> {
    if result >= 0 {
        return Ok(result);
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::ENOTSUP | libc::ENOSYS | libc::ENODATA) => Ok(0),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Tree;
    use std::ffi::CString;
    use std::fs::File;
    use std::os::fd::AsRawFd;

    const NOTE: &CStr = c"user.note";

    fn path_of(tree: &Tree, name: &str) -> CString {
        CString::new(tree.at(name)).unwrap()
    }

    #[test]
    fn a_file_has_attributes_or_none() {
        let tree = Tree::new();
        tree.file("plain", "").file("adorned", "");
        assert!(!has_any(&path_of(&tree, "plain")).unwrap());
        let gone = has_any(&path_of(&tree, "gone")).unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::NotFound);
        if tree.set_attribute("adorned", NOTE, b"hello") {
            assert!(has_any(&path_of(&tree, "adorned")).unwrap());
            let file = File::open(tree.path().join("adorned")).unwrap();
            let value = value_of(file.as_raw_fd(), NOTE).unwrap();
            assert_eq!(value.as_deref(), Some(&b"hello"[..]));
        }
    }

    #[test]
    fn a_folder_gives_acls_only_where_it_has_one_for_new_files() {
        let tree = Tree::new();
        tree.file("without/a", "").file("with/a", "");
        assert!(!gives_acls(&path_of(&tree, "without")));
        assert!(!gives_acls(&path_of(&tree, "gone")));
        // A file system without ACLs refuses to set one.
        let acl = [
            &[2_u8, 0, 0, 0][..],
            &[1, 0, 6, 0, 255, 255, 255, 255],
            &[4, 0, 4, 0, 255, 255, 255, 255],
            &[32, 0, 0, 0, 255, 255, 255, 255],
        ]
        .concat();
        if tree.set_attribute("with", ACL_OF_NEW_FILES, &acl) {
            assert!(gives_acls(&path_of(&tree, "with")));
        }
    }

    #[test]
    fn a_value_that_is_not_there_is_none_and_a_file_that_is_not_there_is_an_error() {
        let tree = Tree::new();
        tree.file("plain", "");
        let plain = File::open(tree.path().join("plain")).unwrap();
        assert_eq!(value_of(plain.as_raw_fd(), NOTE).unwrap(), None);
        // /proc has no attributes at all.
        if let Ok(file) = File::open("/proc/self/status") {
            assert_eq!(value_of(file.as_raw_fd(), NOTE).unwrap(), None);
        }
        // There is also no ACL to remove.
        if let Ok(file) = File::open("/proc/self/status") {
            copy(None, file.as_raw_fd()).unwrap();
        }
        let closed = value_of(-1, NOTE).unwrap_err();
        assert_eq!(closed.raw_os_error(), Some(libc::EBADF));
        assert!(copy(None, -1).is_err());
        assert!(copy(Some(-1), plain.as_raw_fd()).is_err());
    }
}

//! Advisory locks on open files, which the kernel releases when the process ends, whatever the reason.

/// Takes a lock on an open file, which lasts as long as its descriptor is open. False if another process has
/// one, None if the system or the file system has no such locks.
#[cfg(target_os = "linux")]
#[must_use]
pub fn lock_file(descriptor: i32) -> Option<bool> {
    // SAFETY: no memory is involved; a descriptor that is not open is refused.
    if unsafe { libc::flock(descriptor, libc::LOCK_EX | libc::LOCK_NB) } == 0 {
        return Some(true);
    }
    let error = std::io::Error::last_os_error();
    (error.kind() == std::io::ErrorKind::WouldBlock).then_some(false)
}

#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn lock_file(_descriptor: i32) -> Option<bool> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::fs::File;
    use std::os::fd::AsRawFd;

    #[test]
    fn one_has_it_until_its_file_is_closed() {
        let tree = crate::testing::Tree::new();
        tree.file("a", "");
        let open = || File::open(tree.path().join("a")).expect("it is there");
        let (one, other) = (open(), open());
        assert_eq!(lock_file(one.as_raw_fd()), Some(true));
        assert_eq!(lock_file(other.as_raw_fd()), Some(false));
        drop(one);
        assert_eq!(lock_file(other.as_raw_fd()), Some(true));
        assert_eq!(lock_file(-1), None);
    }
}

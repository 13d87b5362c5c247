//! Swapping two names in one step.

/// Swaps the names of two files, atomically for every observer. False if nothing was done: one of them does
/// not exist, or the system or the file system cannot swap names.
#[cfg(target_os = "linux")]
#[must_use]
pub fn exchange(one: &[u8], other: &[u8]) -> bool {
    use std::ffi::CString;
    let (Ok(one), Ok(other)) = (CString::new(one), CString::new(other)) else {
        return false;
    };
    // SAFETY: both are strings that end with a NUL and live longer than the call, which reads them and
    // nothing else.
    let result = unsafe {
        libc::syscall(
            libc::SYS_renameat2,
            libc::AT_FDCWD,
            one.as_ptr(),
            libc::AT_FDCWD,
            other.as_ptr(),
            libc::RENAME_EXCHANGE,
        )
    };
    result == 0
}

#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn exchange(_: &[u8], _: &[u8]) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::exchange;
    use crate::testing::Tree;

    #[test]
    fn swaps_two_files_or_does_nothing() {
        let tree = Tree::new();
        tree.file("a", "one");
        tree.file("b", "other");
        let read = |name: &str| std::fs::read_to_string(tree.path().join(name)).ok();
        assert!(exchange(&tree.at("a"), &tree.at("b")));
        assert_eq!(read("a").as_deref(), Some("other"));
        assert_eq!(read("b").as_deref(), Some("one"));
        assert!(!exchange(&tree.at("a"), &tree.at("c")));
        assert!(!exchange(&tree.at("c"), &tree.at("a")));
        assert!(!exchange(b"a\0", &tree.at("a")));
        assert_eq!(read("a").as_deref(), Some("other"));
        assert_eq!(read("c"), None);
    }
}

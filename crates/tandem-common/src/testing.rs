//! Temporary folders for tests. Names are raw bytes, as the walker sees them.

use crate::path::{join, to_bytes, with_path};
#[cfg(target_os = "linux")]
use std::ffi::{CStr, CString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Removed with its contents when it is dropped.
pub struct Tree {
    path: PathBuf,
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

/// A test that cannot create its files is meaningless, so every method panics if the system refuses.
#[allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::must_use_candidate
)]
impl Tree {
    #[must_use]
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "tandem-test-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The raw path of the folder.
    pub fn root(&self) -> &[u8] {
        to_bytes(&self.path)
    }

    /// The raw path of an entry in it.
    pub fn at(&self, name: impl AsRef<[u8]>) -> Vec<u8> {
        join(self.root(), name.as_ref())
    }

    /// Writes a file, and creates the folders above it.
    pub fn file(&self, name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> &Self {
        with_path(&self.at(name), |path| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        });
        self
    }

    pub fn folder(&self, name: impl AsRef<[u8]>) -> &Self {
        with_path(&self.at(name), |path| fs::create_dir_all(path).unwrap());
        self
    }

    #[cfg(unix)]
    pub fn link(&self, target: &str, name: impl AsRef<[u8]>) -> &Self {
        with_path(&self.at(name), |path| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(target, path).unwrap();
        });
        self
    }

    /// False if the file system has no attributes.
    #[cfg(target_os = "linux")]
    pub fn set_attribute(&self, name: impl AsRef<[u8]>, attribute: &CStr, value: &[u8]) -> bool {
        let path = CString::new(self.at(name)).unwrap();
        let (bytes, length) = (value.as_ptr().cast(), value.len());
        // SAFETY: both names end with a NUL, and the kernel reads `length` bytes of `value`.
        unsafe { libc::setxattr(path.as_ptr(), attribute.as_ptr(), bytes, length, 0) == 0 }
    }

    /// None if the file has no such attribute.
    #[cfg(target_os = "linux")]
    pub fn attribute(&self, name: impl AsRef<[u8]>, attribute: &CStr) -> Option<Vec<u8>> {
        let path = CString::new(self.at(name)).unwrap();
        let mut room = vec![0; 1024];
        let (bytes, length) = (room.as_mut_ptr().cast(), room.len());
        // SAFETY: both names end with a NUL, and the kernel writes at most `length` bytes of `room`.
        let size = unsafe { libc::getxattr(path.as_ptr(), attribute.as_ptr(), bytes, length) };
        room.truncate(usize::try_from(size).ok()?);
        Some(room)
    }

    /// A pipe without a writer: a plain open blocks forever.
    #[cfg(target_os = "linux")]
    pub fn pipe(&self, name: impl AsRef<[u8]>) -> &Self {
        let path = std::ffi::CString::new(self.at(name)).unwrap();
        // SAFETY: `path` is NUL-terminated and lives through the call.
        assert_eq!(unsafe { libc::mkfifo(path.as_ptr(), 0o600) }, 0);
        self
    }

    #[cfg(unix)]
    pub fn socket(&self, name: &str) -> &Self {
        std::os::unix::net::UnixListener::bind(self.path.join(name)).unwrap();
        self
    }

    pub fn read(&self, name: impl AsRef<[u8]>) -> Vec<u8> {
        with_path(&self.at(name), |path| fs::read(path).unwrap())
    }

    pub fn remove(&self, name: impl AsRef<[u8]>) -> &Self {
        with_path(&self.at(name), |path| {
            let kind = fs::symlink_metadata(path).unwrap();
            if kind.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        });
        self
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

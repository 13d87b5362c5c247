//! One sync for all that was written on a file system, where there is such a thing: Linux. A group of 4,096 files costs one sync
//! of the journal and not 4,096.

use super::Steps;
#[cfg(target_os = "linux")]
use super::What;
use std::io;

/// The file systems of a run, by the device of its files. Descriptors stay open from the first sync on: an error of writing back is
/// told to those that were open when it happened.
#[derive(Default)]
pub struct FileSystems {
    #[cfg(target_os = "linux")]
    open: std::collections::HashMap<u64, std::fs::File>,
}

impl FileSystems {
    /// Makes everything durable that was done before on the file system `device`, on which `folder` is: bytes and names. `Unsupported`
    /// where the system has nothing of the kind; files and folders are to be synced one by one then.
    #[cfg(target_os = "linux")]
    pub fn sync(&mut self, device: u64, folder: &[u8], steps: &Steps) -> io::Result<()> {
        use std::collections::hash_map::Entry;
        use std::os::fd::AsRawFd;
        let file = match self.open.entry(device) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let folder: &[u8] = if folder.is_empty() { b"." } else { folder };
                new.insert(crate::path::with_path(folder, |path| {
                    std::fs::File::open(path)
                })?)
            }
        };
        let _step = steps.begin(What::SyncSystem, folder, b"")?;
        // SAFETY: the descriptor is open for the whole call.
        match unsafe { libc::syncfs(file.as_raw_fd()) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    #[allow(clippy::unused_self, clippy::needless_pass_by_ref_mut)]
    pub fn sync(&mut self, _device: u64, _folder: &[u8], _steps: &Steps) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

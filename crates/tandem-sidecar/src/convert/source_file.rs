//! The state of a source when it was read.

use sha2::{Digest, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};
use tandem_common::file::Facts;
use tandem_common::new_file::{FileId, Status};

/// A file that was written within this time before it was read may be written again without a new
/// modification time: the clocks of file systems tick every few milliseconds, FAT's every two seconds.
const RACY_NS: i128 = 2_000_000_000;

#[derive(Debug)]
pub struct SourceFile {
    pub id: FileId,
    pub size: u64,
    pub modified_ns: i128,
    /// SHA-256 of its bytes, if its times alone do not show every change.
    pub digest: Option<[u8; 32]>,
}

impl SourceFile {
    /// None if the name no longer refers to the file that was read, or that file has changed.
    pub(super) fn of(read: &Facts, bytes: &[u8], now: &Status, read_at: i128) -> Option<Self> {
        let size = bytes.len() as u64;
        let is_it = now.is_file
            && (now.id.device, now.id.inode) == (read.device, read.inode)
            && (now.size, now.modified_ns) == (size, read.modified_ns);
        let is_racy = read.modified_ns > read_at - RACY_NS;
        is_it.then(|| Self {
            id: now.id,
            size,
            modified_ns: read.modified_ns,
            digest: is_racy.then(|| Sha256::digest(bytes).into()),
        })
    }
}

/// Nanoseconds since 1970.
pub(super) fn now_ns() -> i128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| {
        i128::try_from(since.as_nanos()).unwrap_or(i128::MAX)
    })
}

//! Whether a source still is what was read.

use super::batch::SourceFile;
use sha2::{Digest, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};
use tandem_common::durable::{FileId, Folder, Status};
use tandem_common::file::{Facts, Place, Reader, Want};

/// A file that was written so shortly before it was read may be written again without a new time: clocks of file systems tick every
/// few milliseconds, FAT's every two seconds.
const RACY_NS: i128 = 2_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Same,
    Changed,
    Gone,
}

impl SourceFile {
    /// None where the name no longer stands for the file that was read.
    pub(super) fn of(read: &Facts, bytes: &[u8], now: &Status, read_at: i128) -> Option<Self> {
        let source = Self {
            id: FileId {
                device: read.device,
                inode: read.inode,
            },
            size: bytes.len() as u64,
            modified_ns: read.modified_ns,
            digest: None,
        };
        if !source.is(now) {
            return None;
        }
        let racy = source.modified_ns > read_at - RACY_NS;
        let digest = racy.then(|| Box::new(Sha256::digest(bytes).into()));
        Some(Self { digest, ..source })
    }

    fn is(&self, status: &Status) -> bool {
        status.is_file
            && status.id == self.id
            && status.size == self.size
            && status.modified_ns == self.modified_ns
    }

    pub(super) fn state(
        &self,
        name: &[u8],
        folder: &mut Folder,
        place: &mut Place,
        reader: &mut Reader,
    ) -> State {
        match folder.status(name) {
            Ok(None) => return State::Gone,
            Ok(Some(status)) if self.is(&status) => {}
            // What nobody can look at is not what was read.
            _ => return State::Changed,
        }
        let Some(digest) = &self.digest else {
            return State::Same;
        };
        let want = Want {
            unlimited: true,
            ..Want::default()
        };
        match reader.read(place, name, want) {
            Ok(content) if Sha256::digest(content.bytes)[..] == digest[..] => State::Same,
            _ => State::Changed,
        }
    }
}

/// Nanoseconds since 1970.
pub(super) fn now_ns() -> i128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| {
        i128::try_from(since.as_nanos()).unwrap_or(i128::MAX)
    })
}

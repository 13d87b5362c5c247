//! The part that uses rkyv itself: the types of the archive, and rkyv's own check as an additional proof.

use rkyv::rancor::Error;
use rkyv::{Archive, Serialize};

use super::HEADER;
use tandem_common::memory::OutOfMemory;

/// Changing a field or its order changes the format.
#[derive(Archive, Serialize)]
pub struct Document {
    pub text: Vec<u8>,
    pub nodes: Vec<Node>,
}

#[derive(Archive, Serialize)]
pub struct Node {
    pub kind: u32,
    pub a: u32,
    pub b: u32,
}

/// Whether bytecheck accepts the archive in a file. It requires alignment, so a slice that is not aligned is
/// copied.
pub fn access(file: &[u8]) -> Result<bool, OutOfMemory> {
    let Some(archive) = file.get(HEADER..) else {
        return Ok(false);
    };
    if misaligned_by(archive) == 0 {
        return Ok(is_accepted(archive));
    }
    let mut copy = Vec::new();
    copy.try_reserve_exact(archive.len() + ALIGNMENT)?;
    copy.resize(misaligned_by(&copy), 0);
    let start = copy.len();
    copy.extend_from_slice(archive);
    Ok(is_accepted(&copy[start..]))
}

const ALIGNMENT: usize = align_of::<ArchivedDocument>();

/// The number of bytes from the start of a slice to the first position where an archive may begin.
fn misaligned_by(bytes: &[u8]) -> usize {
    bytes.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT)
}

fn is_accepted(archive: &[u8]) -> bool {
    rkyv::access::<ArchivedDocument, Error>(archive).is_ok()
}

//! A tape on disk: a header, then an archive of rkyv 0.8 of `Document`. The layout is in `docs/formats.md`, "rkyv".
//!
//! An empty text has no bytes and its pointer is as any other's: to byte 16, where it would begin and where the nodes then do.

mod archive;
mod check;
mod write;

pub use archive::{ArchivedDocument, Document, Node, access};
pub use check::read;
pub use write::write;

/// In front of the archive; a multiple of 16, so that it stays aligned.
pub const HEADER: usize = 16;
const VERSION: u16 = 1;
const VERSION_AT: usize = 8;
/// The two vectors at the end: an i32 pointer and a u32 length each.
const ROOT: usize = 16;
const NODE: usize = 12;

/// The nodes follow the text at the next multiple of 4.
fn padded(text_length: u64) -> u64 {
    text_length.next_multiple_of(4)
}

//! A tape on disk: a header, then an rkyv 0.8 archive of `Document`. The layout is in `docs/formats.md`,
//! "rkyv".
//!
//! The pointer of an empty text is not special: it leads to byte 16, where the text would begin and the nodes
//! begin instead.

mod archive;
mod check;
mod write;

use super::codec::TapeCodec;
use tandem_common::Fault;
use tandem_common::memory::OutOfMemory;
use tandem_json::tape::{Node as TapeNode, Tape};

pub use archive::{ArchivedDocument, Document, Node, access};
pub use check::read;
pub use write::write;

pub struct Rkyv;

impl TapeCodec for Rkyv {
    fn read<'a>(
        &self,
        file: &'a [u8],
        max_depth: u32,
        nodes: &'a mut Vec<TapeNode>,
    ) -> Result<Tape<'a>, Fault> {
        read(file, max_depth, nodes)
    }

    fn texts_at(&self) -> u64 {
        HEADER as u64
    }

    fn write(&self, tape: &Tape) -> Result<Vec<u8>, Fault> {
        write(tape)
    }

    fn is_accepted(&self, file: &[u8]) -> Result<bool, OutOfMemory> {
        access(file)
    }
}

/// Bytes before the archive; a multiple of 16, so that the archive stays aligned.
pub const HEADER: usize = 16;
const VERSION: u16 = 1;
const VERSION_AT: usize = 8;
/// Bytes of the two vectors at the end: an i32 pointer and a u32 length each.
const ROOT: usize = 16;
const NODE: usize = 12;

/// The length of the text rounded up to a multiple of 4, where the nodes begin.
fn padded(text_length: u64) -> u64 {
    text_length.next_multiple_of(4)
}

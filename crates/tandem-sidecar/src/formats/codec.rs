//! How one form of sidecars is read and written.

use super::bin::Seal;
use crate::summary::Summary;
use tandem_common::Fault;
use tandem_common::memory::OutOfMemory;
use tandem_json::tape::{Node, Tape};

#[derive(Clone, Copy)]
pub enum Codec {
    Text(&'static dyn TextCodec),
    Tape(&'static dyn TapeCodec),
}

/// Where the text of a file begins. It extends to the end of the file.
pub struct TextPart<'a> {
    pub start: usize,
    /// What is stored about the text.
    pub seal: Option<Seal<'a>>,
}

/// A form that holds JSON text.
pub trait TextCodec {
    /// Where the text of a whole file begins, or the fault of what is stored around it.
    fn text_part<'a>(&self, file: &'a [u8]) -> Result<TextPart<'a>, Fault>;

    /// A file with this text.
    fn write(&self, text: &[u8], summary: &Summary) -> Result<Vec<u8>, OutOfMemory>;

    /// Whether convert writes the text without white space, as the older tool does.
    fn is_compact(&self) -> bool {
        false
    }
}

/// A form that holds a tape.
pub trait TapeCodec {
    /// The tape of a whole file. Its nodes are copied into `nodes`, whose memory is reused.
    fn read<'a>(
        &self,
        file: &'a [u8],
        max_depth: u32,
        nodes: &'a mut Vec<Node>,
    ) -> Result<Tape<'a>, Fault>;

    /// The offset in the file from which the tape counts its texts.
    fn texts_at(&self) -> u64;

    /// A file with a full tape.
    fn write(&self, tape: &Tape) -> Result<Vec<u8>, Fault>;

    /// Whether the library that defined the form accepts the file.
    fn is_accepted(&self, file: &[u8]) -> Result<bool, OutOfMemory>;
}

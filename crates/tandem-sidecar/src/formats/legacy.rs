//! The older tool's form, in .bin and .rkyv alike: a u64 length, little-endian, and compact JSON.

use crate::error_codes;
use tandem_common::Fault;

use super::codec::{TextCodec, TextPart};
use super::fields::u64_at;
use crate::summary::Summary;
use tandem_common::memory::OutOfMemory;

/// Bytes before the text.
pub const HEADER: usize = 8;

/// The fault of a file whose length differs from the one in its header.
#[must_use]
pub fn wrong_length(file: &[u8]) -> Fault {
    let actual = file.len().saturating_sub(HEADER);
    let fault = Fault::at(error_codes::LEGACY_LENGTH, 0);
    fault.with("stated", u64_at(file, 0)).with("actual", actual)
}

pub struct Legacy;

impl TextCodec for Legacy {
    fn text_part<'a>(&self, _file: &'a [u8]) -> Result<TextPart<'a>, Fault> {
        Ok(TextPart {
            start: HEADER,
            seal: None,
        })
    }

    fn write(&self, text: &[u8], _summary: &Summary) -> Result<Vec<u8>, OutOfMemory> {
        write(text)
    }

    fn is_compact(&self) -> bool {
        true
    }
}

/// A file with this text.
pub fn write(text: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    let mut file = Vec::new();
    file.try_reserve_exact(HEADER + text.len())?;
    file.extend_from_slice(&(text.len() as u64).to_le_bytes());
    file.extend_from_slice(text);
    Ok(file)
}

//! The older tool's form, in .bin and .rkyv alike: a u64 length, little-endian, and compact JSON.

use crate::error_codes;
use tandem_common::Fault;

use super::fields::u64_at;
use tandem_common::memory::OutOfMemory;
use tandem_json::tape::Tape;
use tandem_json::write::write_json;

/// Bytes before the text.
pub const HEADER: usize = 8;

/// The fault of a file whose length differs from the one in its header.
#[must_use]
pub fn wrong_length(file: &[u8]) -> Fault {
    let actual = file.len().saturating_sub(HEADER);
    let fault = Fault::at(error_codes::LEGACY_LENGTH, 0);
    fault.with("stated", u64_at(file, 0)).with("actual", actual)
}

/// A file as the older tool writes it, from a full tape.
pub fn write(tape: &Tape) -> Result<Vec<u8>, OutOfMemory> {
    let mut file = Vec::new();
    file.try_reserve(HEADER + tape.bytes.len())?;
    file.extend_from_slice(&[0; HEADER]);
    write_json(&mut file, tape, 0)?;
    let length = (file.len() - HEADER) as u64;
    file[..HEADER].copy_from_slice(&length.to_le_bytes());
    Ok(file)
}

//! Memory sized by input is asked for, never taken: Rust ends the process where it cannot be had.

/// Becomes `ERR_TANDEM_OUT_OF_MEMORY` of the file that was at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl From<std::collections::TryReserveError> for OutOfMemory {
    fn from(_: std::collections::TryReserveError) -> Self {
        Self
    }
}

/// Appends bytes, growing by doubling.
pub fn append(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), OutOfMemory> {
    out.try_reserve(bytes.len())?;
    out.extend_from_slice(bytes);
    Ok(())
}

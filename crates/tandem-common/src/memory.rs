//! Allocations whose size depends on input use `try_reserve`: Rust aborts the process if an ordinary
//! allocation fails.

/// An allocation failed; reported as `ERR_TANDEM_OUT_OF_MEMORY` of the current file.
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

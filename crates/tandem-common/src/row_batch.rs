//! The result of one batch of a pass.

/// Rows and their totals; `totals` is JSON.
#[derive(Debug)]
pub struct RowBatch {
    pub rows: Vec<u8>,
    pub totals: String,
    pub cursor: String,
    pub items: u64,
    /// Bytes read.
    pub bytes: u64,
}

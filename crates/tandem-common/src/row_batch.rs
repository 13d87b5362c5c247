//! What a pass hands out.

/// Rows and what they add up to; `totals` is JSON.
#[derive(Debug)]
pub struct RowBatch {
    pub rows: Vec<u8>,
    pub totals: String,
    pub cursor: String,
    pub items: u64,
    /// Bytes read.
    pub bytes: u64,
}

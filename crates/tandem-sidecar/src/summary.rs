//! What a document says, by the rules of `spec/sidecar/summary.md`.

use std::borrow::Cow;

/// Strings are WTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary<'a> {
    /// Index into `OPERATIONS`.
    pub operation: usize,
    pub detections: u64,
    pub tool: Option<Cow<'a, [u8]>>,
    pub success: Option<bool>,
    /// Seconds, as the document spells them: ASCII.
    pub processing_time: Option<&'a [u8]>,
    pub created_at: Option<Cow<'a, [u8]>>,
    pub last_updated: Option<Cow<'a, [u8]>>,
    pub image_path: Option<Cow<'a, [u8]>>,
    /// Whether it is a sidecar for certain.
    pub is_sidecar: bool,
}

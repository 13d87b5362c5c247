//! The request for staging: flat, complete and checked by the caller.

use crate::formats::{Extension, Format};

#[derive(Clone, Debug)]
pub struct StageRequest {
    pub folders: Vec<StageFolder>,
    /// An operation in `snake_case`, or empty for all.
    pub operation: String,
    pub to: Extension,
    /// Write the older tool's form into .bin or .rkyv.
    pub legacy_layout: bool,
    pub max_size: u64,
    pub max_depth: u32,
    /// Names the staged files.
    pub run: String,
    pub workers: usize,
}

/// Files of one folder.
#[derive(Clone, Debug)]
pub struct StageFolder {
    /// Raw.
    pub path: Vec<u8>,
    /// Raw names, with a slash between two.
    pub names: Vec<u8>,
    /// The number of the first staged file; the others follow. 0 if nothing is to be written.
    pub first: u64,
}

impl StageRequest {
    /// The form in which targets are stored.
    #[must_use]
    pub fn stored(&self) -> Format {
        if self.legacy_layout {
            Format::Legacy
        } else {
            self.to.format()
        }
    }
}

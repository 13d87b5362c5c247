//! What a convert is asked for: flat and checked by the caller; there are no defaults here.

use crate::formats::{Extension, Format};
use tandem_common::durable::{Run, Steps};

/// `ConvertRequest` of packages/sidecar/src/engines/requests.ts, field by field.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)]
pub struct ConvertRequest {
    /// Raw bytes, without trailing slashes.
    pub root: Vec<u8>,
    /// An operation in `snake_case`, or empty for all.
    pub operation: String,
    pub to: Extension,
    /// Write the older tool's form into .bin or .rkyv.
    pub legacy_layout: bool,
    pub keep: bool,
    pub dry_run: bool,
    /// Leave out every sync.
    pub volatile: bool,
    pub separator: String,
    pub max_size: u64,
    pub max_depth: u32,
    pub workers: usize,
    /// Names the staged files.
    pub run: Run,
    /// What stands in the locks of folders; empty in a dry run.
    pub lock_line: Vec<u8>,
    /// Raw path; empty in a dry run.
    pub journal: Vec<u8>,
    /// A test instrument: the batch, counted from 0, at which the engine panics. None in earnest.
    pub fail_at_batch: Option<u64>,
    /// Another: whom each change to the disk is told to.
    pub steps: Steps,
}

impl ConvertRequest {
    /// The form in which targets are stored.
    #[must_use]
    pub fn stored(&self) -> Format {
        match self.to {
            _ if self.legacy_layout => Format::Legacy,
            Extension::Json => Format::Json,
            Extension::Bin => Format::Bin,
            Extension::Rkyv => Format::Rkyv,
        }
    }
}

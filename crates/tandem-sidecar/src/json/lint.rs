//! What is legal and yet worth knowing.

/// `offset` counts bytes from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub offset: u64,
    pub name: &'static str,
}

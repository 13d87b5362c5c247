//! The files that a walk visits, and their order: `spec/sidecar/walk.md`.
//!
//! The walk goes folder by folder, the subfolders of a folder after its files, with an explicit stack. So
//! depth uses no call stack, and memory holds the largest folder and the names of the folders that remain to
//! be walked.

mod folder;
#[cfg(target_os = "linux")]
mod linux;
mod listing;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod resume;
#[cfg(test)]
mod tests;
mod walker;

pub use folder::{Class, Classify, Entry, EntryKind, Folder, SKIP_REASONS, Skip, SkipCounts};
pub use listing::{Failure, Kind, Lister, kind_at, leads_nowhere};
pub use resume::Position;
pub use walker::{Visit, Walker};

/// The lock of a folder in which a run is at work: `spec/locks.md`.
pub const TREE_LOCK: &[u8] = b".tandem-lock";

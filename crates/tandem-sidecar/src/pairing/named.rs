//! Looks for the image that a document names.

use std::fs;
use tandem_common::path::with_path;
use tandem_common::walk::leads_nowhere;

/// Whether the image that a document names exists: as spelled, relative to the sidecar's folder and to the
/// root, and the same with the separators of Windows replaced. A path that cannot be examined counts as
/// existing, because its state is unknown. `folder` and `root` are raw paths with a trailing slash, or empty.
#[must_use]
pub fn is_image_there(named: &[u8], folder: &[u8], root: &[u8]) -> bool {
    if named.is_empty() || named.contains(&0) {
        return false;
    }
    let turned = named.contains(&b'\\').then(|| {
        named
            .iter()
            .map(|byte| if *byte == b'\\' { b'/' } else { *byte })
            .collect()
    });
    let turned: Option<Vec<u8>> = turned;
    [Some(named), turned.as_deref()]
        .into_iter()
        .flatten()
        .any(|path| {
            if path.starts_with(b"/") {
                return is_there(path);
            }
            is_there(&[folder, path].concat()) || is_there(&[root, path].concat())
        })
}

fn is_there(path: &[u8]) -> bool {
    match with_path(path, |path| fs::metadata(path)) {
        Ok(_) => true,
        Err(error) => !leads_nowhere(&error),
    }
}

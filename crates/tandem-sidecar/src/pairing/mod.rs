//! Finds the image to which a sidecar belongs: the sidecar's name is the image's with its extension replaced
//! (`IMG.json`) or with one added (`IMG.jpg.json`). Names are compared by bytes first; if no image matches,
//! by comparison keys.

mod finger;
mod index;
mod key;
mod link;
mod named;
#[cfg(test)]
mod tests;

pub use finger::Finger;
pub use index::Index;
pub use key::key;
pub use link::{ImageLink, covered_at_target};
pub use named::is_image_there;

use crate::formats::Extension;
use crate::generated::extensions::{COMPANION_EXTENSIONS, IMAGE_EXTENSIONS};
use tandem_common::path::extension;
use tandem_common::walk::Class;

/// Classifies a name by its extension, in any ASCII case: `spec/sidecar/extensions.json`.
#[must_use]
pub fn classify(name: &[u8]) -> Class {
    let Some(extension) = extension(name) else {
        return Class::Other;
    };
    if Extension::of(extension).is_some() {
        Class::Candidate
    } else if is_image(extension) {
        Class::Image
    } else {
        Class::Other
    }
}

/// Like `classify`, for reports that need files that may be images: a name without an extension from any
/// table is `Unknown`.
#[must_use]
pub fn classify_unknown(name: &[u8]) -> Class {
    match classify(name) {
        Class::Other if !extension(name).is_some_and(is_companion) => Class::Unknown,
        class => class,
    }
}

/// For reports that do not need images, whose names would cost memory and a sort.
#[must_use]
pub fn classify_sidecars(name: &[u8]) -> Class {
    let extension = extension(name).and_then(Extension::of);
    extension.map_or(Class::Other, |_| Class::Candidate)
}

fn is_image(extension: &[u8]) -> bool {
    is_in(IMAGE_EXTENSIONS, extension)
}

fn is_companion(extension: &[u8]) -> bool {
    is_in(COMPANION_EXTENSIONS, extension)
}

/// Whether the list contains the extension, in any ASCII case.
fn is_in(extensions: &[&str], extension: &[u8]) -> bool {
    let mut lower = [0_u8; 8];
    let Some(lower) = lower.get_mut(..extension.len()) else {
        return false;
    };
    lower.copy_from_slice(extension);
    lower.make_ascii_lowercase();
    extensions
        .binary_search_by(|known| known.as_bytes().cmp(lower))
        .is_ok()
}

//! Which image a sidecar belongs to: its name is the image's with the extension replaced (`IMG.json`) or added to
//! (`IMG.jpg.json`). By the bytes first; where no image has them, by comparison keys.

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

/// What a name is by its extension, in any ASCII case: `spec/sidecar/extensions.json`.
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

/// As `classify`, for reports that ask what may be an image: what is in no table.
#[must_use]
pub fn classify_unknown(name: &[u8]) -> Class {
    match classify(name) {
        Class::Other if !extension(name).is_some_and(is_companion) => Class::Unknown,
        class => class,
    }
}

/// For reports that do not ask for images: they cost memory and a sort.
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

/// In any ASCII case.
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

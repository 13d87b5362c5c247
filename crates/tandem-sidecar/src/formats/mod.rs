//! The forms in which a sidecar is stored; `docs/formats.md` has the layouts to the byte.

pub mod bin;
pub mod codec;
pub mod detect;
mod fields;
mod json;
pub mod legacy;
pub mod rkyv;

pub use crate::generated::formats::{Extension, Format};
use codec::Codec;

impl Extension {
    /// Looks up an extension, given without the dot, in any ASCII case.
    #[must_use]
    pub fn of(extension: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|known| extension.eq_ignore_ascii_case(known.name().as_bytes()))
    }

    /// Looks up a format by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Whether a file with this extension may have that format.
    #[must_use]
    pub fn promises(self, format: Format) -> bool {
        match format.extension() {
            Some(extension) => self == extension,
            None => self.may_be_legacy(),
        }
    }
}

impl Format {
    /// How files of this format are read and written.
    #[must_use]
    pub fn codec(self) -> Codec {
        match self {
            Self::Json => Codec::Text(&json::Json),
            Self::Bin => Codec::Text(&bin::Bin),
            Self::Rkyv => Codec::Tape(&rkyv::Rkyv),
            Self::Legacy => Codec::Text(&legacy::Legacy),
        }
    }
}

//! The forms in which a sidecar is stored; `docs/formats.md` has the layouts to the byte.

pub mod bin;
pub mod detect;
mod fields;
pub mod legacy;
pub mod rkyv;

use crate::generated::extensions::SIDECAR_EXTENSIONS;

/// The format that a file's name indicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    Json,
    Bin,
    Rkyv,
}

/// The format of a file by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Bin,
    Rkyv,
    /// The older tool's form: a u64 length and JSON, in .bin and .rkyv alike.
    Legacy,
}

impl Extension {
    /// Looks up an extension, given without the dot, in any ASCII case.
    #[must_use]
    pub fn of(extension: &[u8]) -> Option<Self> {
        SIDECAR_EXTENSIONS
            .iter()
            .find(|(known, _)| extension.eq_ignore_ascii_case(known.as_bytes()))
            .map(|(_, format)| *format)
    }

    /// Looks up a format by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Json, Self::Bin, Self::Rkyv]
            .into_iter()
            .find(|one| one.name() == name)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Bin => "bin",
            Self::Rkyv => "rkyv",
        }
    }

    /// Whether a file with this extension may have that format.
    #[must_use]
    pub fn promises(self, format: Format) -> bool {
        match format {
            Format::Json => self == Self::Json,
            Format::Bin => self == Self::Bin,
            Format::Rkyv => self == Self::Rkyv,
            Format::Legacy => self != Self::Json,
        }
    }
}

impl Format {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Bin => "bin",
            Self::Rkyv => "rkyv",
            Self::Legacy => "legacy",
        }
    }
}

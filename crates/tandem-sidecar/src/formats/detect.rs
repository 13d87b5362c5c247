//! Determines the format of a file from its first bytes and its size.

use super::{Extension, Format};

/// The limit of lengths that the older tool would have written: below 2^40 the upper bytes are zero, which no
/// JSON text contains.
const LEGACY_LENGTH_LIMIT: u64 = 1 << 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniffed {
    Is(Format),
    /// The older tool's form with a length that is not the file's.
    LegacyCut,
    Empty,
    Unknown,
}

/// Determines the format by content. `head` holds the first bytes (4,096 are enough) of a file of `size`
/// bytes.
#[must_use]
pub fn sniff(head: &[u8], size: u64) -> Sniffed {
    if size == 0 {
        return Sniffed::Empty;
    }
    let by_magic = Format::MAGICS
        .iter()
        .find(|(_, magic)| head.starts_with(*magic));
    if let Some((format, _)) = by_magic {
        return Sniffed::Is(*format);
    }
    legacy(head, size).unwrap_or_else(|| text(head))
}

/// Like `sniff`, but an unrecognised .json file is taken as JSON, so that the error in its text is reported.
#[must_use]
pub fn sniff_named(head: &[u8], size: u64, extension: Extension) -> Sniffed {
    match sniff(head, size) {
        Sniffed::Unknown if extension == Extension::Json => Sniffed::Is(Format::Json),
        sniffed => sniffed,
    }
}

impl Sniffed {
    #[must_use]
    pub fn format(self) -> Option<Format> {
        match self {
            Self::Is(format) => Some(format),
            Self::LegacyCut => Some(Format::Legacy),
            Self::Empty | Self::Unknown => None,
        }
    }
}

fn legacy(head: &[u8], size: u64) -> Option<Sniffed> {
    let (length, rest) = head.split_first_chunk::<8>()?;
    let opens = matches!(rest.first()?, b'{' | b'[');
    let stated = u64::from_le_bytes(*length);
    if size >= 9 && stated == size - 8 {
        return Some(Sniffed::Is(Format::Legacy));
    }
    (stated < LEGACY_LENGTH_LIMIT && opens).then_some(Sniffed::LegacyCut)
}

fn text(head: &[u8]) -> Sniffed {
    if head.starts_with(b"\xef\xbb\xbf") {
        return Sniffed::Is(Format::Json);
    }
    let first = head
        .iter()
        .find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    match first {
        None | Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
            Sniffed::Is(Format::Json)
        }
        Some(_) => Sniffed::Unknown,
    }
}

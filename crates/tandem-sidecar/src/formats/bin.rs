//! Sealed JSON: the unchanged text after its summary and two checksums. The layout is in `docs/formats.md`,
//! "bin".

use crate::error_codes;
use tandem_common::Fault;

use super::codec::{TextCodec, TextPart};
use super::fields::{u16_at, u32_at, u64_at};
use crate::generated::detection::DETECTION_VERSION;
use crate::generated::formats::BIN_MAGIC;
use crate::summary::{Summary, write_block};
use tandem_common::memory::OutOfMemory;

const VERSION: u16 = 1;
const VERSION_AT: usize = 8;
const FLAGS_AT: usize = 10;
const TABLE_AT: usize = 12;
const TEXT_LENGTH_AT: usize = 16;
const TEXT_CRC_AT: usize = 24;
const SUMMARY_LENGTH_AT: usize = 28;
const SUMMARY_AT: usize = 32;
/// A header, no summary, the header's checksum, no text.
const SMALLEST: usize = 36;

/// A header that is valid for a file of its size.
#[derive(Clone, Copy, Debug)]
pub struct Seal<'a> {
    pub summary: &'a [u8],
    /// The offset of the text, which extends to the end of the file.
    pub text_start: usize,
    text_crc: u32,
    table: u32,
}

/// What was read from the first bytes of a sealed file.
#[derive(Clone, Copy, Debug)]
pub enum Head<'a> {
    Seal(Seal<'a>),
    /// The header ends at this offset, beyond the bytes that were given.
    Needs(u64),
}

pub struct Bin;

impl TextCodec for Bin {
    fn text_part<'a>(&self, file: &'a [u8]) -> Result<TextPart<'a>, Fault> {
        let size = file.len() as u64;
        let Head::Seal(seal) = read_head(file, size)? else {
            // Cannot happen, because the whole file is given.
            return Err(Fault::at(error_codes::BIN_TRUNCATED, size));
        };
        open_text(file, &seal)?;
        Ok(TextPart {
            start: seal.text_start,
            seal: Some(seal),
        })
    }

    fn write(&self, text: &[u8], summary: &Summary) -> Result<Vec<u8>, OutOfMemory> {
        write(text, summary)
    }
}

/// Tests 1 to 5 of the layout, on the first bytes of a file of `size` bytes.
pub fn read_head(head: &[u8], size: u64) -> Result<Head<'_>, Fault> {
    if size < SMALLEST as u64 {
        return Err(truncated(size, SMALLEST as u128));
    }
    if head.len() < SMALLEST {
        return Ok(Head::Needs(SMALLEST as u64));
    }
    check_version(head)?;
    let text_start = SMALLEST as u64 + u64::from(u32_at(head, SUMMARY_LENGTH_AT));
    let stated = u128::from(text_start) + u128::from(u64_at(head, TEXT_LENGTH_AT));
    if text_start > size {
        return Err(truncated(size, stated));
    }
    let Some((start, header)) = usize::try_from(text_start)
        .ok()
        .and_then(|start| Some((start, head.get(..start)?)))
    else {
        return Ok(Head::Needs(text_start));
    };
    let crc_at = start - 4;
    if crc32fast::hash(&header[..crc_at]) != u32_at(header, crc_at) {
        let fault = Fault::at(error_codes::BIN_CHECKSUM, crc_at as u64);
        return Err(fault.with("part", "header"));
    }
    if stated > u128::from(size) {
        return Err(truncated(size, stated));
    }
    if let Ok(end) = u64::try_from(stated)
        && end < size
    {
        let fault = Fault::at(error_codes::BIN_TRAILING, end);
        return Err(fault.with("actual", size).with("stated", end));
    }
    Ok(Head::Seal(Seal {
        summary: &header[SUMMARY_AT..crc_at],
        text_start: start,
        text_crc: u32_at(header, TEXT_CRC_AT),
        table: u32_at(header, TABLE_AT),
    }))
}

fn check_version(head: &[u8]) -> Result<(), Fault> {
    let (version, flags) = (u16_at(head, VERSION_AT), u16_at(head, FLAGS_AT));
    if version == VERSION && flags == 0 {
        return Ok(());
    }
    let shown = if flags == 0 {
        version.to_string()
    } else {
        format!("{version} flags 0x{flags:04x}")
    };
    Err(Fault::at(error_codes::BIN_VERSION, VERSION_AT as u64).with("version", shown))
}

fn truncated(size: u64, stated: u128) -> Fault {
    let fault = Fault::at(error_codes::BIN_TRUNCATED, size);
    fault.with("actual", size).with("stated", stated)
}

/// Test 6: returns the text of a whole file if its checksum matches the seal.
pub fn open_text<'a>(file: &'a [u8], seal: &Seal) -> Result<&'a [u8], Fault> {
    let text = file.get(seal.text_start..).unwrap_or(&[]);
    if crc32fast::hash(text) == seal.text_crc {
        return Ok(text);
    }
    let fault = Fault::at(error_codes::BIN_CHECKSUM, TEXT_CRC_AT as u64);
    Err(fault.with("part", "document"))
}

impl Seal<'_> {
    /// Whether the summary was made with the detection table of this build.
    #[must_use]
    pub fn is_of_our_table(&self) -> bool {
        self.table == DETECTION_VERSION
    }

    /// Test 8: the fault of a stored summary that differs from `summary`, or None. `scratch` is reused
    /// memory.
    pub fn check_summary(
        &self,
        summary: &Summary,
        scratch: &mut Vec<u8>,
    ) -> Result<Option<Fault>, OutOfMemory> {
        if !self.is_of_our_table() {
            return Ok(None);
        }
        scratch.clear();
        write_block(scratch, summary)?;
        let differs = scratch.as_slice() != self.summary;
        Ok(differs.then(|| Fault::at(error_codes::BIN_SUMMARY, SUMMARY_AT as u64)))
    }
}

/// The bytes of a sealed file, from a valid text and its summary.
pub fn write(text: &[u8], summary: &Summary) -> Result<Vec<u8>, OutOfMemory> {
    let mut block = Vec::new();
    write_block(&mut block, summary)?;
    let block_length = u32::try_from(block.len()).map_err(|_| OutOfMemory)?;
    let mut file = Vec::new();
    file.try_reserve_exact(SMALLEST + block.len() + text.len())?;
    file.extend_from_slice(&BIN_MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&[0, 0]);
    file.extend_from_slice(&DETECTION_VERSION.to_le_bytes());
    file.extend_from_slice(&(text.len() as u64).to_le_bytes());
    file.extend_from_slice(&crc32fast::hash(text).to_le_bytes());
    file.extend_from_slice(&block_length.to_le_bytes());
    file.extend_from_slice(&block);
    let crc = crc32fast::hash(&file);
    file.extend_from_slice(&crc.to_le_bytes());
    file.extend_from_slice(text);
    Ok(file)
}

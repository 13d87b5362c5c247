use crate::error_codes;
use tandem_common::Fault;

use super::fault::{text_fault, too_large};
use super::{Body, Limits};
use crate::formats::bin::Seal;
use crate::formats::codec::Codec;
use crate::formats::detect::Sniffed;
use crate::formats::legacy;
use crate::lint::TextAt;
use tandem_json::scanner::{Detail, Scanner};
use tandem_json::tape::Tape;

/// A document that was found valid, and where its text begins in the file.
pub struct Opened<'a> {
    pub tape: Tape<'a>,
    pub body: Body<'a>,
    pub text: TextAt,
    pub seal: Option<Seal<'a>>,
}

/// Reads a whole file in the format that was detected.
pub fn open<'a>(
    scanner: &'a mut Scanner,
    limits: Limits,
    bytes: &'a [u8],
    sniffed: Sniffed,
    detail: Detail,
) -> Result<Opened<'a>, Fault> {
    let size = bytes.len() as u64;
    if size > limits.max_size {
        return Err(too_large(size, limits.max_size));
    }
    match sniffed {
        Sniffed::Empty => Err(Fault::at(tandem_json::error_codes::EMPTY_FILE, 0)),
        Sniffed::Unknown => Err(Fault::at(error_codes::UNKNOWN_FORMAT, 0)),
        Sniffed::LegacyCut => Err(legacy::wrong_length(bytes)),
        Sniffed::Is(format) => match format.codec() {
            Codec::Text(codec) => {
                let part = codec.text_part(bytes)?;
                let opened = open_text(scanner, limits, bytes, part.start, detail)?;
                Ok(Opened {
                    seal: part.seal,
                    ..opened
                })
            }
            Codec::Tape(codec) => {
                let tape = codec.read(bytes, limits.max_depth, scanner.nodes_mut())?;
                Ok(Opened {
                    tape,
                    body: Body::Archive(tape),
                    text: TextAt::Archive(codec.texts_at()),
                    seal: None,
                })
            }
        },
    }
}

fn open_text<'a>(
    scanner: &'a mut Scanner,
    limits: Limits,
    bytes: &'a [u8],
    start: usize,
    detail: Detail,
) -> Result<Opened<'a>, Fault> {
    let text = bytes.get(start..).unwrap_or(&[]);
    match scanner.scan(text, detail) {
        Ok(tape) => Ok(Opened {
            tape,
            body: Body::Text(text),
            text: TextAt::Json(start as u64),
            seal: None,
        }),
        Err(fault) => Err(text_fault(fault, bytes, start, limits.max_depth)),
    }
}

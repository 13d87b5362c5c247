//! Produces the bytes of targets, and proves by reading them again that their content is that of the source:
//! `spec/sidecar/convert.md`, "Bytes".

use crate::document::{Body, Inspector, Limits};
use crate::formats::codec::Codec;
use crate::formats::{Extension, Format};
use crate::summary::Summary;
use std::borrow::Cow;
use tandem_common::memory::OutOfMemory;
use tandem_json::same_tokens::same_tokens;
use tandem_json::tape::Tape;
use tandem_json::write::write_json;

/// A document that was read and found valid.
pub(super) struct Source<'a> {
    pub bytes: &'a [u8],
    /// By name.
    pub extension: Extension,
    pub summary: &'a Summary<'a>,
    pub body: Body<'a>,
    /// The JSON text as stored; for an archive, its written form.
    pub text: Cow<'a, [u8]>,
}

impl<'a> Source<'a> {
    /// The text of a document.
    pub(super) fn text_of(body: Body<'a>) -> Result<Cow<'a, [u8]>, OutOfMemory> {
        match body {
            Body::Text(text) => Ok(Cow::Borrowed(text)),
            Body::Archive(tape) => written(&tape).map(Cow::Owned),
        }
    }
}

pub(super) struct Encoded {
    pub bytes: Vec<u8>,
    pub respelled: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotEncoded {
    NoMemory,
    /// The content of the new bytes differs from that of the source.
    Differs,
}

impl From<OutOfMemory> for NotEncoded {
    fn from(_: OutOfMemory) -> Self {
        Self::NoMemory
    }
}

pub(super) struct Encoder {
    to: Extension,
    stored: Format,
    sources: Inspector,
    targets: Inspector,
}

impl Encoder {
    pub(super) fn new(to: Extension, stored: Format, limits: Limits) -> Self {
        // The target of a document within the limits may be larger than the limits allow.
        let larger = Limits {
            max_size: u64::MAX,
            ..limits
        };
        Self {
            to,
            stored,
            sources: Inspector::new(limits, false),
            targets: Inspector::new(larger, false),
        }
    }

    pub(super) fn encode(&mut self, source: &Source<'_>) -> Result<Encoded, NotEncoded> {
        match self.stored.codec() {
            Codec::Text(codec) if !codec.is_compact() => {
                let bytes = codec.write(&source.text, source.summary)?;
                self.prove_text(source, bytes)
            }
            codec => self.encode_tape(source, codec),
        }
    }

    fn encode_tape(&mut self, source: &Source<'_>, codec: Codec) -> Result<Encoded, NotEncoded> {
        let tape = tape_of(&mut self.sources, source).ok_or(NotEncoded::NoMemory)?;
        let text = written(&tape)?;
        let bytes = match codec {
            Codec::Text(codec) => codec.write(&text, source.summary)?,
            Codec::Tape(codec) => {
                let bytes = codec.write(&tape).map_err(|_| NotEncoded::NoMemory)?;
                if !codec.is_accepted(&bytes)? {
                    return Err(NotEncoded::Differs);
                }
                bytes
            }
        };
        let respelled = matches!(source.body, Body::Text(_)) && text != *source.text;
        match self.targets.open(&bytes, self.to) {
            Ok(target) if target.format == self.stored && same_tokens(&tape, &target.tape) => {
                Ok(Encoded { bytes, respelled })
            }
            _ => Err(NotEncoded::Differs),
        }
    }

    /// Proves a target that contains JSON text.
    fn prove_text(&mut self, source: &Source<'_>, bytes: Vec<u8>) -> Result<Encoded, NotEncoded> {
        let target = self.targets.inspect(&bytes, self.to);
        let says = match target.body {
            Some(Body::Text(text)) if target.verdict.is_ok() => text,
            _ => return Err(NotEncoded::Differs),
        };
        if target.format != Some(self.stored) || says != &*source.text {
            return Err(NotEncoded::Differs);
        }
        // The text of an archive was made here, so the tokens are compared too.
        if let Body::Archive(tape) = source.body {
            let Ok(target) = self.targets.open(&bytes, self.to) else {
                return Err(NotEncoded::Differs);
            };
            if !same_tokens(&tape, &target.tape) {
                return Err(NotEncoded::Differs);
            }
        }
        Ok(Encoded {
            bytes,
            respelled: false,
        })
    }
}

/// The full tape of a source; None if memory runs out, the only possible fault of a document found valid
/// before.
fn tape_of<'a>(sources: &'a mut Inspector, source: &Source<'a>) -> Option<Tape<'a>> {
    match source.body {
        Body::Archive(tape) => Some(tape),
        Body::Text(_) => sources
            .open(source.bytes, source.extension)
            .ok()
            .map(|document| document.tape),
    }
}

fn written(tape: &Tape) -> Result<Vec<u8>, OutOfMemory> {
    let mut text = Vec::new();
    text.try_reserve(tape.bytes.len() + tape.nodes.len())?;
    write_json(&mut text, tape, 0)?;
    Ok(text)
}

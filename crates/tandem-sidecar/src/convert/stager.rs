//! The work of one thread of `stage`, file by file.

use super::encode::{Encoded, Encoder, NotEncoded, Source};
use super::outcome::{Outcome, Skip};
use super::request::{StageFolder, StageRequest};
use super::source_file::{SourceFile, now_ns};
use crate::document::{Inspector, Limits};
use crate::error_codes;
use crate::formats::{Extension, Format};
use crate::generated::detection::OPERATIONS;
use crate::scan::item::size_in;
use crate::summary::Ownership;
use sha2::{Digest, Sha256};
use std::ops::Range;
use tandem_common::file::{Content, FactsWanted, Place, Reader, Want};
use tandem_common::new_file::{FileId, Folder, Like, code_of, scratch_name};
use tandem_common::path::{extension, stem};
use tandem_common::{ErrorCode, Fault};

/// The result for one file; in a folder where nothing is written, the result that it would have.
#[derive(Debug)]
pub struct Staged {
    pub outcome: Outcome,
    /// Bytes read.
    pub read: u64,
    /// None if nothing was written.
    pub file: Option<Box<(SourceFile, StagedFile)>>,
}

/// The file with the bytes of a target.
#[derive(Debug)]
pub struct StagedFile {
    /// The number in its name.
    pub number: u64,
    pub id: FileId,
    /// SHA-256 of its bytes.
    pub digest: [u8; 32],
}

/// Keeps its buffers from one file to the next.
pub(super) struct Stager<'a> {
    reader: Reader,
    judge: Judge<'a>,
}

/// Judges a file that was read, and makes its target.
struct Judge<'a> {
    request: &'a StageRequest,
    stored: Format,
    /// Index into `OPERATIONS`.
    only: Option<usize>,
    inspector: Inspector,
    encoder: Encoder,
}

/// A file, with what is needed to examine it and to write beside it.
struct Hand<'a> {
    name: &'a [u8],
    folder: &'a mut Folder,
    /// None if nothing is to be written.
    number: Option<u64>,
}

type Written = Option<Box<(SourceFile, StagedFile)>>;

impl<'a> Stager<'a> {
    pub(super) fn new(request: &'a StageRequest) -> Self {
        let limits = Limits {
            max_size: request.max_size,
            max_depth: request.max_depth,
        };
        let only = OPERATIONS
            .iter()
            .position(|operation| operation.name == request.operation);
        let judge = Judge {
            request,
            stored: request.stored(),
            only,
            inspector: Inspector::new(limits, false),
            encoder: Encoder::new(request.to, request.stored(), limits),
        };
        let reader = Reader::new(request.max_size);
        Self { reader, judge }
    }

    /// Stages some files of a folder. No descriptor stays open after this call.
    pub(super) fn stage(
        &mut self,
        folder: &StageFolder,
        names: &[&[u8]],
        range: Range<usize>,
    ) -> Vec<Staged> {
        let mut place = Place::new(folder.path.clone(), range.len());
        let mut open = Folder::new(&folder.path, range.len());
        range
            .map(|index| {
                let mut hand = Hand {
                    name: names[index],
                    folder: &mut open,
                    number: (folder.first > 0).then_some(folder.first + index as u64),
                };
                self.stage_file(&mut hand, &mut place)
            })
            .collect()
    }

    fn stage_file(&mut self, hand: &mut Hand<'_>, place: &mut Place) -> Staged {
        let read_at = now_ns();
        let want = Want {
            facts: FactsWanted::First,
            ..Want::default()
        };
        let content = match self.reader.read(place, hand.name, want) {
            Ok(content) => content,
            Err(unread) => {
                let outcome = Outcome {
                    bytes_before: size_in(&unread.fault),
                    ..Outcome::failed(unread.fault)
                };
                return Staged {
                    outcome,
                    read: 0,
                    file: None,
                };
            }
        };
        let (outcome, file) = match self.judge.stage(hand, &content, read_at) {
            Ok(staged) => staged,
            Err(outcome) => (outcome, None),
        };
        Staged {
            outcome,
            read: content.bytes.len() as u64,
            file,
        }
    }
}

impl Judge<'_> {
    /// Judges in the order of `spec/sidecar/convert.md`, "Candidates". Err if nothing is to be converted.
    fn stage(
        &mut self,
        hand: &mut Hand<'_>,
        content: &Content<'_>,
        read_at: i128,
    ) -> Result<(Outcome, Written), Outcome> {
        let bytes = content.bytes;
        let size = bytes.len() as u64;
        let extension = extension(hand.name)
            .and_then(Extension::of)
            .unwrap_or(Extension::Json);
        let inspection = self.inspector.inspect(bytes, extension);
        let read = |outcome: Outcome| outcome.read(inspection.format, size);
        let summary = inspection
            .verdict
            .map_err(|fault| read(Outcome::failed(fault)))?;
        let (Some(body), Some(format)) = (inspection.body, inspection.format) else {
            // A valid document has both.
            return Err(read(Outcome::code(error_codes::UNKNOWN_FORMAT)));
        };
        if self.only.is_some_and(|only| only != summary.operation) {
            return Err(Outcome::left_out());
        }
        if format == self.stored {
            return Err(read(Outcome::skipped(Skip::Already)));
        }
        if summary.ownership != Ownership::Ours {
            let kind = summary.ownership.foreign();
            return Err(read(Outcome::skipped(Skip::NotASidecar(kind))));
        }
        let now = hand.folder.status(hand.name).ok().flatten();
        let Some((source, now)) = content.facts().zip(now).and_then(|(facts, now)| {
            SourceFile::of(&facts, bytes, &now, read_at).map(|source| (source, now))
        }) else {
            return Err(read(Outcome::code(tandem_common::error_codes::CHANGED)));
        };
        let no_memory = || Fault::new(tandem_common::error_codes::OUT_OF_MEMORY).with("size", size);
        let text = Source::text_of(body).map_err(|_| read(Outcome::failed(no_memory())))?;
        let document = Source {
            bytes,
            extension,
            summary: &summary,
            body,
            text,
        };
        let read = |outcome: Outcome| read(outcome).with_target();
        let encoded = self.encoder.encode(&document).map_err(|error| {
            read(match error {
                NotEncoded::Differs => Outcome::code(error_codes::PROOF_FAILED),
                NotEncoded::NoMemory => Outcome::failed(no_memory()),
            })
        })?;
        if encoded.bytes.len() as u64 > self.request.max_size {
            return Err(read(Outcome::failed(self.too_large(hand, &encoded))));
        }
        let like = Like {
            name: hand.name,
            status: &now,
            with_times: true,
        };
        let file = self
            .write(hand, &encoded.bytes, like)
            .map_err(|code| read(Outcome::code(code)))?;
        let outcome = Outcome {
            bytes_after: Some(encoded.bytes.len() as u64),
            respelled: encoded.respelled,
            ..read(Outcome::converted())
        };
        Ok((outcome, file.map(|file| Box::new((source, file)))))
    }

    fn write(
        &self,
        hand: &mut Hand<'_>,
        bytes: &[u8],
        like: Like<'_>,
    ) -> Result<Option<StagedFile>, ErrorCode> {
        let Some(number) = hand.number else {
            return Ok(None);
        };
        let name = scratch_name(&self.request.run, number);
        let made = hand.folder.create(&name, bytes, like);
        Ok(Some(StagedFile {
            number,
            id: made.map_err(|error| code_of(&error))?,
            digest: Sha256::digest(bytes).into(),
        }))
    }

    /// The fault of a target that could not be read again under the limits of the run.
    fn too_large(&self, hand: &Hand<'_>, encoded: &Encoded) -> Fault {
        let target = [stem(hand.name), b".", self.request.to.name().as_bytes()].concat();
        Fault::new(error_codes::TARGET_TOO_LARGE)
            .with("target", String::from_utf8_lossy(&target))
            .with("size", encoded.bytes.len())
            .with("limit", self.request.max_size)
    }
}

//! Reads candidates and decides what is to be done, writing nothing: `spec/sidecar/convert.md`, "Candidates". A dry run ends here,
//! so its rows are those of the run it stands for.

use super::batch::{Part, SourceFile, Stage, Work};
use super::encode::{Encoded, Encoder, NotEncoded, Source};
use super::others::{Others, Spot};
use super::outcome::{Outcome, Skip};
use super::saves;
use super::shared::Shared;
use super::state::now_ns;
use crate::document::{Inspector, Limits};
use crate::formats::Extension;
use crate::scan::item::size_in;
use crate::summary::Ownership;
use tandem_common::durable::{FileId, Folder, Status};
use tandem_common::file::{Content, FactsWanted, Place, Reader, Want};
use tandem_common::path::extension;
use tandem_common::walk::{Entry as Walked, EntryKind};
use tandem_common::{ErrorCode, Fault};

/// A folder that is at work, by its descriptors.
pub(super) struct Open {
    pub place: Place,
    pub folder: Folder,
}

impl Open {
    pub(super) fn new(path: &[u8], files: usize) -> Self {
        Self {
            place: Place::new(path.to_vec(), files),
            folder: Folder::new(path, files),
        }
    }
}

/// One file to be planned.
pub(super) struct File<'a> {
    pub part: &'a Part,
    /// Its place among the candidates.
    pub at: usize,
    pub entry: Walked,
    pub name: &'a [u8],
}

pub(super) enum Plan {
    Row(Outcome),
    /// The number of its row is still to be filled in.
    Work(Outcome, Box<Work>),
    /// Of another operation.
    LeftOut,
}

/// Keeps its buffers from one file to the next.
pub(super) struct Planner {
    /// Bytes read so far.
    pub bytes_read: u64,
    sources: Reader,
    inspector: Inspector,
    encoder: Encoder,
    /// Reads targets and the first bytes of others, while `sources` holds the source.
    pub others: Reader,
}

impl Planner {
    pub(super) fn new(shared: &Shared) -> Self {
        let request = &shared.request;
        let limits = Limits {
            max_size: request.max_size,
            max_depth: request.max_depth,
        };
        Self {
            bytes_read: 0,
            sources: Reader::new(request.max_size),
            inspector: Inspector::new(limits, false),
            encoder: Encoder::new(request.to, shared.stored, limits),
            others: Reader::new(u64::MAX),
        }
    }

    pub(super) fn plan(&mut self, file: &File<'_>, open: &mut Open, shared: &Shared) -> Plan {
        match file.entry.kind {
            EntryKind::BrokenLink => return Plan::Row(Outcome::code(ErrorCode::BrokenSymlink)),
            EntryKind::Link => return Plan::Row(Outcome::skipped(Skip::Link)),
            EntryKind::File => {}
        }
        if !shared.request.dry_run
            && let Some(fault) = saves::outwait(file, shared)
        {
            return Plan::Row(Outcome::failed(fault));
        }
        let read_at = now_ns();
        let want = Want {
            facts: FactsWanted::First,
            ..Want::default()
        };
        let content = match self.sources.read(&mut open.place, file.name, want) {
            Ok(content) => content,
            Err(unread) => {
                let bytes_before = size_in(&unread.fault);
                return Plan::Row(Outcome {
                    bytes_before,
                    ..Outcome::failed(unread.fault)
                });
            }
        };
        let mut others = Others {
            reader: &mut self.others,
            bytes_read: self.bytes_read + content.bytes.len() as u64,
        };
        let plan = plan_read(
            file,
            &content,
            read_at,
            &mut self.inspector,
            &mut self.encoder,
            &mut others,
            open,
            shared,
        );
        self.bytes_read = others.bytes_read;
        plan
    }
}

#[allow(clippy::too_many_arguments)]
fn plan_read(
    file: &File<'_>,
    content: &Content<'_>,
    read_at: i128,
    inspector: &mut Inspector,
    encoder: &mut Encoder,
    others: &mut Others<'_>,
    open: &mut Open,
    shared: &Shared,
) -> Plan {
    let bytes = content.bytes;
    let size = bytes.len() as u64;
    let extension = extension(file.name)
        .and_then(Extension::of)
        .unwrap_or(Extension::Json);
    let inspection = inspector.inspect(bytes, extension);
    let (summary, body, format) = match (inspection.verdict, inspection.body, inspection.format) {
        (Ok(summary), Some(body), Some(format)) => (summary, body, format),
        (Err(fault), _, format) => return Plan::Row(Outcome::failed(fault).read(format, size)),
        // A document that is right has all of them.
        (Ok(_), _, format) => {
            return Plan::Row(Outcome::code(ErrorCode::UnknownFormat).read(format, size));
        }
    };
    if shared.only.is_some_and(|only| only != summary.operation) {
        return Plan::LeftOut;
    }
    let read = |outcome: Outcome| outcome.read(Some(format), size);
    if format == shared.stored {
        return Plan::Row(read(Outcome::skipped(Skip::Already)));
    }
    if summary.ownership != Ownership::Ours {
        let kind = summary.ownership.foreign();
        return Plan::Row(read(Outcome::skipped(Skip::NotASidecar(kind))));
    }
    let no_memory = |outcome: fn(Fault) -> Outcome| {
        outcome(Fault::new(ErrorCode::OutOfMemory).with("size", size))
    };
    let now = open.folder.status(file.name).ok().flatten();
    let is_it = content.facts().zip(now).and_then(|(facts, now)| {
        SourceFile::of(&facts, bytes, &now, read_at).map(|source| (source, now))
    });
    let Some((source, now)) = is_it else {
        return Plan::Row(read(Outcome::code(ErrorCode::Changed)));
    };
    let Ok(text) = Source::text_of(body) else {
        return Plan::Row(read(no_memory(Outcome::failed)));
    };
    let document = Source {
        bytes,
        extension,
        format,
        summary: &summary,
        body,
        text,
    };
    let target = shared.target_name(file.name);
    let read = |outcome: Outcome| read(outcome).with_target();
    let shown = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    if let Some(other) = others.claiming(file, open, shared) {
        let fault = Fault::new(ErrorCode::TargetClaimedTwice).with("other", shown(other));
        return Plan::Row(read(Outcome::failed(fault.with("target", shown(&target)))));
    }
    let spot = others.spot(file, &target, &document, &now, encoder, open, shared);
    let mut work = begun(source, now, &spot);
    let target_bytes = match spot {
        Spot::Taken => {
            let fault = Fault::new(ErrorCode::TargetExists).with("target", shown(&target));
            return Plan::Row(read(Outcome::failed(fault)));
        }
        Spot::Equal(..) if shared.request.keep => {
            return Plan::Row(Outcome::skipped(Skip::Already).read(Some(format), size));
        }
        Spot::Free | Spot::Claimed | Spot::Equal(..) | Spot::NoMemory
            if shared.linked.contains(&work.source.id) =>
        {
            return Plan::Row(Outcome::skipped(Skip::Linked).read(Some(format), size));
        }
        Spot::Equal(there, made) => {
            work.made = made;
            Ok(there)
        }
        Spot::NoMemory => Err(NotEncoded::NoMemory),
        Spot::Free | Spot::Claimed | Spot::Source => encoder.encode(&document),
    };
    match target_bytes {
        Ok(Encoded { bytes, .. }) if bytes.len() as u64 > shared.request.max_size => {
            let fault = too_large(&shown(&target), bytes.len(), shared);
            Plan::Row(read(Outcome::failed(fault)))
        }
        Ok(Encoded { bytes, respelled }) => {
            let outcome = Outcome {
                resumed: work.is_there,
                bytes_after: Some(bytes.len() as u64),
                respelled,
                ..read(Outcome::converted())
            };
            work.bytes = bytes;
            Plan::Work(outcome, Box::new(work))
        }
        Err(NotEncoded::Differs) => Plan::Row(read(Outcome::code(ErrorCode::ProofFailed))),
        Err(NotEncoded::NoMemory) => Plan::Row(read(no_memory(Outcome::failed))),
    }
}

/// What is known before there are bytes.
fn begun(source: SourceFile, status: Status, spot: &Spot) -> Work {
    Work {
        entry: 0,
        stage: Stage::Staged,
        source,
        status,
        bytes: Vec::new(),
        staged: 0,
        made: FileId::default(),
        in_place: matches!(spot, Spot::Source),
        is_there: matches!(spot, Spot::Equal(..)),
        is_claimed: matches!(spot, Spot::Claimed),
        placed: false,
        proved: None,
    }
}

/// Under the limits that let the source in nobody could read the target again.
fn too_large(target: &str, size: usize, shared: &Shared) -> Fault {
    Fault::new(ErrorCode::TargetTooLarge)
        .with("target", target)
        .with("size", size)
        .with("limit", shared.request.max_size)
}

//! Reads candidates and decides what is to be done, writing nothing: `spec/sidecar/convert.md`, "Candidates". A dry run ends here,
//! so its rows are those of the run it stands for.

use super::batch::{Part, SourceFile, Stage, Work};
use super::claim::{self, claiming_run};
use super::encode::{Encoded, Encoder, NotEncoded, Source};
use super::names::namesakes;
use super::outcome::{Outcome, Skip};
use super::shared::Shared;
use super::state::now_ns;
use crate::document::{Inspector, Limits};
use crate::formats::Extension;
use crate::formats::detect::{Sniffed, sniff};
use crate::scan::item::size_in;
use std::fs;
use tandem_common::durable::{FileId, Folder, Status};
use tandem_common::file::{Content, Place, Reader, Want};
use tandem_common::limits::SNIFF_BYTES;
use tandem_common::path::{extension, to_bytes, with_path};
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

/// What stands at the place of a target.
enum Spot {
    Free,
    /// By a run that died before it filled it.
    Claimed,
    /// The source itself.
    Source,
    Equal(Encoded, FileId),
    Taken,
    NoMemory,
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
        let read_at = now_ns();
        let want = Want {
            facts: true,
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
    if !summary.is_sidecar
        && (file.part.index.image_of(file.name).is_none() || claiming_run(bytes).is_some())
    {
        return Plan::Row(read(Outcome::skipped(Skip::NotASidecar)));
    }
    let no_memory = |outcome: fn(Fault) -> Outcome| {
        outcome(Fault::new(ErrorCode::OutOfMemory).with("size", size))
    };
    let now = open.folder.status(file.name).ok().flatten();
    let is_it = content.facts.zip(now).and_then(|(facts, now)| {
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
    let mut work = Work {
        entry: 0,
        stage: Stage::Staged,
        source,
        access: now.access,
        bytes: Vec::new(),
        staged: 0,
        made: FileId::default(),
        in_place: matches!(spot, Spot::Source),
        is_there: matches!(spot, Spot::Equal(..)),
        is_claimed: matches!(spot, Spot::Claimed),
        placed: false,
    };
    let target_bytes = match spot {
        Spot::Taken => {
            let fault = Fault::new(ErrorCode::TargetExists).with("target", shown(&target));
            return Plan::Row(read(Outcome::failed(fault)));
        }
        Spot::Equal(..) if shared.request.keep => {
            return Plan::Row(Outcome::skipped(Skip::Already).read(Some(format), size));
        }
        Spot::Equal(there, made) => {
            work.made = made;
            Ok(there)
        }
        Spot::NoMemory => Err(NotEncoded::NoMemory),
        Spot::Free | Spot::Claimed | Spot::Source => encoder.encode(&document),
    };
    match target_bytes {
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

/// Looks at the files around a source.
struct Others<'a> {
    reader: &'a mut Reader,
    bytes_read: u64,
}

impl Others<'_> {
    /// The first other file that would get the same name. What counts are regular files that are not in the target format by their first
    /// bytes, broken ones and those of other operations too: whoever mends or converts them later wants the name as well.
    fn claiming<'f>(
        &mut self,
        file: &File<'f>,
        open: &mut Open,
        shared: &Shared,
    ) -> Option<&'f [u8]> {
        let folder = &file.part.index.folder;
        namesakes(folder, file.at)
            .map(|entry| folder.name(entry))
            .find(|name| self.claims(name, open, shared))
    }

    fn claims(&mut self, name: &[u8], open: &mut Open, shared: &Shared) -> bool {
        match open.folder.status(name) {
            Ok(Some(status)) if status.is_file => {}
            Ok(_) => return false,
            // Nobody can say what it is.
            Err(_) => return true,
        }
        let want = Want {
            head: SNIFF_BYTES,
            facts: true,
            unlimited: true,
        };
        match self.reader.read(&mut open.place, name, want) {
            Ok(content) => {
                let size = content
                    .facts
                    .map_or(content.bytes.len() as u64, |facts| facts.size);
                if size <= claim::MOST_BYTES as u64 && is_dead_claim(content.bytes, shared) {
                    return false;
                }
                self.bytes_read += content.bytes.len() as u64;
                sniff(content.bytes, size) != sniffed_as(shared)
            }
            Err(_) => true,
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn spot(
        &mut self,
        file: &File<'_>,
        target: &[u8],
        document: &Source<'_>,
        source: &Status,
        encoder: &mut Encoder,
        open: &mut Open,
        shared: &Shared,
    ) -> Spot {
        if target == file.name {
            return Spot::Source;
        }
        let status = match open.folder.status(target) {
            Ok(None) => return Spot::Free,
            Ok(Some(status)) => status,
            Err(_) => return Spot::Taken,
        };
        // One file by two spellings, where the file system takes no notice of case; two names of one file are two entries.
        if status.id == source.id && !is_listed(&file.part.path, target) {
            return Spot::Source;
        }
        if !status.is_file {
            return Spot::Taken;
        }
        let want = Want {
            unlimited: true,
            ..Want::default()
        };
        let Ok(content) = self.reader.read(&mut open.place, target, want) else {
            return Spot::Taken;
        };
        if is_dead_claim(content.bytes, shared) {
            return Spot::Claimed;
        }
        self.bytes_read += content.bytes.len() as u64;
        match encoder.accept(document, content.bytes) {
            Ok(Some(there)) => Spot::Equal(there, status.id),
            Ok(None) => Spot::Taken,
            Err(_) => Spot::NoMemory,
        }
    }
}

/// Whether a file's bytes are a claim whose run did not live to fill it.
pub(super) fn is_dead_claim(bytes: &[u8], shared: &Shared) -> bool {
    claiming_run(bytes).is_some_and(|run| shared.runs.is_dead(&run))
}

fn sniffed_as(shared: &Shared) -> Sniffed {
    use crate::formats::Format;
    match shared.stored {
        Format::Json => Sniffed::Json,
        Format::Bin => Sniffed::Bin,
        Format::Rkyv => Sniffed::Rkyv,
        Format::Legacy => Sniffed::Legacy,
    }
}

/// Whether a folder lists exactly this name.
fn is_listed(folder: &[u8], name: &[u8]) -> bool {
    let folder: &[u8] = if folder.is_empty() { b"." } else { folder };
    with_path(folder, |path| {
        fs::read_dir(path).is_ok_and(|mut entries| {
            entries
                .any(|entry| entry.is_ok_and(|entry| to_bytes(entry.file_name().as_ref()) == name))
        })
    })
}

//! The files around a source: who else wants its target's name, and what has it.

use super::claim::{self, claiming_run};
use super::encode::{Encoded, Encoder, Source};
use super::names::namesakes;
use super::plan::{File, Open};
use super::shared::Shared;
use crate::formats::Format;
use crate::formats::detect::{Sniffed, sniff};
use std::fs;
use std::io::ErrorKind;
use tandem_common::durable::{FileId, Status};
use tandem_common::file::{FactsWanted, Reader, Want};
use tandem_common::limits::SNIFF_BYTES;
use tandem_common::path::{to_bytes, with_path};

/// What stands at the place of a target.
pub(super) enum Spot {
    Free,
    /// By a run that died before it filled it.
    Claimed,
    /// The source itself.
    Source,
    Equal(Encoded, FileId),
    Taken,
    NoMemory,
}

/// Looks at the files around a source.
pub(super) struct Others<'a> {
    pub reader: &'a mut Reader,
    pub bytes_read: u64,
}

impl Others<'_> {
    /// The first other file that would get the same name. What counts are regular files that are not in the target format by their first
    /// bytes, broken ones and those of other operations too: whoever mends or converts them later wants the name as well.
    pub(super) fn claiming<'f>(
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
            facts: FactsWanted::First,
            unlimited: true,
            steady: false,
        };
        match self.reader.read(&mut open.place, name, want) {
            Ok(content) => {
                let size = content
                    .facts()
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
    pub(super) fn spot(
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
            // Nothing can be given a path that is too long; writing it will say so.
            Err(error) if error.kind() == ErrorKind::InvalidFilename => return Spot::Free,
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

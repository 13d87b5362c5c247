//! The work of one thread on a batch.

use super::request::JoinRequest;
use super::totals::Totals;
use crate::definitions::read_definitions;
use crate::error_codes;
use crate::lexer;
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::sync::Arc;
use tandem_common::file::{Place, Reader, Want, own_descriptors};
use tandem_common::memory::OutOfMemory;
use tandem_common::path::split;
use tandem_common::pipeline::{Cancel, Work};
use tandem_common::place::Places;
use tandem_common::{Fault, RowBatch};

const BOM: &[u8] = b"\xef\xbb\xbf";
const REQUIRES: &[u8] = b"requires";

pub(super) struct Worker {
    request: Arc<JoinRequest>,
    reader: Reader,
    /// The folder of the last file; files of one folder are adjacent.
    folder: Option<(Vec<u8>, Place)>,
    totals: Totals,
}

impl Worker {
    pub(super) fn new(request: Arc<JoinRequest>) -> Self {
        let reader = Reader::new(request.max_size);
        #[cfg(test)]
        let reader = reader.disturbed(request.meanwhile.clone());
        Self {
            reader,
            request,
            folder: None,
            totals: Totals::default(),
        }
    }

    /// Joins one file; returns the number of bytes read.
    fn file(&mut self, index: usize, out: &mut Vec<u8>) -> usize {
        let request = Arc::clone(&self.request);
        let path = &request.paths[index];
        let (folder, name) = split(path);
        if self
            .folder
            .as_ref()
            .is_none_or(|(known, _)| known != folder)
        {
            // The folders of a schema contain many files.
            let place = Place::new(folder.to_vec(), usize::MAX);
            self.folder = Some((folder.to_vec(), place));
        }
        let Some((_, place)) = &mut self.folder else {
            return 0;
        };
        let want = Want {
            steady: true,
            ..Want::default()
        };
        let content = match self.reader.read(place, name, want) {
            Ok(content) => content.bytes,
            Err(unread) => {
                self.totals.file(0, 0, 0);
                self.totals.finding(index, &unread.fault);
                return 0;
            }
        };
        if request.digests {
            self.totals.digest(&Sha256::digest(content));
        }
        let begun = out.len();
        if let Ok(lines) = join(&request, &request.labels[index], content, out) {
            self.totals.file(content.len(), lines, out.len() - begun);
            if request.text {
                look(&mut self.totals, index, content, &request);
            }
        } else {
            out.truncate(begun);
            self.totals.file(0, 0, 0);
            let fault = Fault::new(tandem_common::error_codes::OUT_OF_MEMORY);
            self.totals
                .finding(index, &fault.with("size", content.len()));
        }
        content.len()
    }
}

impl Work<Range<usize>> for Worker {
    type Done = Result<RowBatch, Fault>;

    /// Each file is opened, read and closed by one thread.
    fn begin(&mut self) {
        own_descriptors();
    }

    fn work(&mut self, range: Range<usize>, cancel: &Cancel) -> Option<Self::Done> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        let items = range.len() as u64;
        let cursor = range.end.to_string();
        for index in range {
            if cancel.is_set() {
                return None;
            }
            bytes += self.file(index, &mut rows) as u64;
        }
        Some(Ok(RowBatch {
            rows,
            totals: self.totals.take(),
            cursor,
            items,
            bytes,
        }))
    }
}

/// Appends separator, content and end. Returns the number of lines in content and end.
fn join(
    request: &JoinRequest,
    label: &[u8],
    content: &[u8],
    out: &mut Vec<u8>,
) -> Result<usize, OutOfMemory> {
    let pieces: usize = request
        .pieces
        .iter()
        .map(|piece| piece.len() + label.len())
        .sum();
    out.try_reserve(pieces + content.len() + 1)?;
    for (index, piece) in request.pieces.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(label);
        }
        out.extend_from_slice(piece);
    }
    let begun = out.len();
    if request.text {
        push_lines(content.strip_prefix(BOM).unwrap_or(content), out);
        if out.len() == begun || out.last() != Some(&b'\n') {
            out.push(b'\n');
        }
    } else {
        out.extend_from_slice(content);
        out.push(0);
    }
    if !request.lines {
        return Ok(0);
    }
    Ok(memchr::memchr_iter(b'\n', &out[begun..]).count())
}

/// Appends text with CR LF and lone CR replaced by LF.
fn push_lines(mut text: &[u8], out: &mut Vec<u8>) {
    while let Some(at) = memchr::memchr(b'\r', text) {
        out.extend_from_slice(&text[..at]);
        out.push(b'\n');
        text = &text[at + 1..];
        text = text.strip_prefix(b"\n").unwrap_or(text);
    }
    out.extend_from_slice(text);
}

/// Adds the findings in the text of a file, in the order of their offsets.
fn look(totals: &mut Totals, index: usize, text: &[u8], request: &JoinRequest) {
    let mut findings = Vec::new();
    if let Err(error) = std::str::from_utf8(text) {
        findings.push(Fault::at(
            tandem_common::error_codes::INVALID_UTF8,
            error.valid_up_to() as u64,
        ));
    } else if let Some(at) = memchr::memchr(0, text) {
        findings.push(Fault::at(error_codes::SQL_NUL, at as u64));
    } else {
        if memchr::memmem::find(text, REQUIRES).is_some() {
            totals.need(index);
        }
        if text.starts_with(BOM) {
            findings.push(Fault::at(error_codes::SQL_BOM, 0));
        }
        if request.lex {
            lexer::check(text, &mut findings, |statement| {
                if request.definitions {
                    let offset = statement.start;
                    read_definitions(&text[statement], |definition| {
                        totals.definition(index, offset, &definition);
                    });
                }
            });
        }
    }
    let mut places = Places::new(text);
    for finding in findings {
        let offset = finding
            .offset
            .and_then(|offset| usize::try_from(offset).ok());
        let (line, column) = places.at(offset.unwrap_or_default());
        totals.finding(index, &finding.placed(line, column));
    }
}

//! The format of a file, whether it is valid, and its summary: one interface to the formats, the scanner and
//! the summary.

mod fault;
mod open;

use tandem_common::Fault;

use crate::formats::bin::{self, Head, Seal};
use crate::formats::detect::{Sniffed, sniff_named};
use crate::formats::{Extension, Format};
use crate::lint::{EXTENSION_MISMATCH, Finding, NUL_TAIL, is_nul_tail, lint};
use crate::summary::{Ownership, Summary, read_block, summarize};
use fault::{no_memory, too_large};
use open::{Opened, open};
use tandem_common::memory::OutOfMemory;
use tandem_json::scanner::{Detail, Scanner};
use tandem_json::tape::Tape;

/// Limits on untrusted input. A maximum size above 4 GiB - 1 is reduced to that, because tapes count bytes in
/// u32.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a file.
    pub max_size: u64,
    pub max_depth: u32,
}

/// The result for one file. It borrows from the file's bytes and from the inspector.
#[derive(Debug)]
pub struct Inspection<'a> {
    /// By content; `None` if no format was recognized.
    pub format: Option<Format>,
    pub verdict: Result<Summary<'a>, Fault>,
    /// Sorted by offset, then by name.
    pub findings: Vec<Finding>,
    /// The document, if the verdict is Ok.
    pub body: Option<Body<'a>>,
}

/// A valid document as it is stored.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// The JSON text as stored in the file (json, bin, legacy).
    Text(&'a [u8]),
    /// The tape of an archive.
    Archive(Tape<'a>),
}

/// A document with its full tape.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    pub format: Format,
    pub tape: Tape<'a>,
    pub body: Body<'a>,
}

/// Inspects one file after another. It keeps its buffers, so use one instance per thread.
pub struct Inspector {
    reader: Reader,
    /// For summary blocks. An answer from a block borrows from this scanner; without one, `reader` inspects
    /// the file with its own.
    blocks: Scanner,
}

struct Reader {
    limits: Limits,
    lint: bool,
    scanner: Scanner,
    scratch: Vec<u8>,
}

impl Inspector {
    #[must_use]
    pub fn new(limits: Limits, lint: bool) -> Self {
        let largest = u64::from(u32::MAX);
        let limits = Limits {
            max_size: limits.max_size.min(largest),
            ..limits
        };
        Self {
            reader: Reader {
                limits,
                lint,
                scanner: Scanner::new(limits.max_depth),
                scratch: Vec::new(),
            },
            blocks: Scanner::new(limits.max_depth),
        }
    }

    /// Inspects a whole file.
    pub fn inspect<'a>(&'a mut self, bytes: &'a [u8], extension: Extension) -> Inspection<'a> {
        self.reader.inspect(bytes, extension)
    }

    /// Like `inspect`, but a sealed file (bin) is answered from its summary block alone, without body or
    /// findings. `head` holds the first bytes of a file of `size` bytes. `None` if the whole file is needed.
    pub fn summary_only<'a>(
        &'a mut self,
        head: &'a [u8],
        size: u64,
        extension: Extension,
    ) -> Option<Inspection<'a>> {
        let sniffed = sniff_named(head, size, extension);
        let limit = self.reader.limits.max_size;
        if size > limit {
            return Some(Inspection::bare(
                sniffed.format(),
                Err(too_large(size, limit)),
            ));
        }
        if sniffed == Sniffed::Is(Format::Bin) {
            let format = Some(Format::Bin);
            match bin::read_head(head, size) {
                Err(fault) => return Some(Inspection::bare(format, Err(fault))),
                Ok(Head::Seal(seal)) => {
                    if let Some(summary) = read_our_block(&mut self.blocks, &seal) {
                        return Some(Inspection::bare(format, Ok(summary)));
                    }
                }
                Ok(Head::Needs(_)) => {}
            }
        }
        let is_whole = head.len() as u64 == size;
        is_whole.then(|| self.reader.inspect(head, extension))
    }

    /// The full tape of a whole file.
    pub fn open<'a>(
        &'a mut self,
        bytes: &'a [u8],
        extension: Extension,
    ) -> Result<Document<'a>, Fault> {
        let sniffed = sniff_named(bytes, bytes.len() as u64, extension);
        let opened = open(
            &mut self.reader.scanner,
            self.reader.limits,
            bytes,
            sniffed,
            Detail::Full,
        )?;
        Ok(Document {
            format: sniffed.format().unwrap_or(Format::Json),
            tape: opened.tape,
            body: opened.body,
        })
    }
}

impl Reader {
    fn inspect<'a>(&'a mut self, bytes: &'a [u8], extension: Extension) -> Inspection<'a> {
        let sniffed = sniff_named(bytes, bytes.len() as u64, extension);
        let format = sniffed.format();
        let lint = self.lint;
        let detail = if lint { Detail::Full } else { Detail::Outline };
        let mut findings = Vec::new();
        let opened = open(&mut self.scanner, self.limits, bytes, sniffed, detail);
        let said = opened.and_then(|opened| {
            let found = lint.then_some(&mut findings);
            let said = tell(&opened, format, &mut self.scratch, found)
                .map_err(|_| no_memory(bytes.len()))?;
            said.map(|summary| (summary, opened.body))
        });
        if said.is_ok()
            && let Some(format) = format
            && !extension.promises(format)
        {
            findings.push(Finding {
                offset: 0,
                name: EXTENSION_MISMATCH,
            });
        }
        if lint && let Err(fault) = &said {
            findings.extend(nul_tail(bytes, fault));
        }
        findings.sort_unstable();
        let (verdict, body) = match said {
            Ok((summary, body)) => (Ok(summary), Some(body)),
            Err(fault) => (Err(fault), None),
        };
        Inspection {
            format,
            verdict,
            findings,
            body,
        }
    }
}

/// `None` if the summary was made with another detection table or by another program.
fn read_our_block<'a>(scanner: &'a mut Scanner, seal: &Seal<'a>) -> Option<Summary<'a>> {
    if !seal.is_of_our_table() {
        return None;
    }
    let tape = scanner.scan(seal.summary, Detail::Outline).ok()?;
    read_block(&tape).ok().flatten()
}

impl<'a> Inspection<'a> {
    fn bare(format: Option<Format>, verdict: Result<Summary<'a>, Fault>) -> Self {
        Self {
            format,
            verdict,
            findings: Vec::new(),
            body: None,
        }
    }
}

/// The summary of a document, or the fault of a seal that contradicts it; with `findings`, lints the document
/// too.
fn tell<'a>(
    opened: &Opened<'a>,
    format: Option<Format>,
    scratch: &mut Vec<u8>,
    findings: Option<&mut Vec<Finding>>,
) -> Result<Result<Summary<'a>, Fault>, OutOfMemory> {
    let mut summary = summarize(&opened.tape)?;
    if format != Some(Format::Json) {
        // Only sidecars have the other forms: they are owned, whatever they contain.
        summary.ownership = Ownership::Ours;
    }
    if let Some(seal) = &opened.seal
        && let Some(fault) = seal.check_summary(&summary, scratch)?
    {
        return Ok(Err(fault));
    }
    if let Some(findings) = findings {
        lint(findings, &opened.tape, opened.text)?;
    }
    Ok(Ok(summary))
}

/// The finding of a document that is complete and followed only by NUL bytes.
fn nul_tail(bytes: &[u8], fault: &Fault) -> Option<Finding> {
    let offset = fault
        .offset
        .filter(|_| fault.code == tandem_json::error_codes::JSON_TRAILING)?;
    let rest = bytes.get(usize::try_from(offset).ok()?..)?;
    is_nul_tail(rest).then_some(Finding {
        offset,
        name: NUL_TAIL,
    })
}

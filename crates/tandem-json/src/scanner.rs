//! The only scanner of JSON text: verdict, position and tape in one pass, without recursion and without an
//! allocation per node. The rules are in `spec/json.md`; `packages/json/src/scanner.ts` is
//! its counterpart.
#![expect(clippy::inline_always, reason = "measured: 7 % of a scan")]

use crate::error_codes;

use crate::tape::{Node, Tape, kind};
pub use crate::token::ScanFault;
use crate::token::{literal_end, number_end, string_end, unexpected};
use crate::window::token_at;
use tandem_common::memory::OutOfMemory;

/// The content of the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// No nodes inside arrays: enough for a summary.
    Outline,
    Full,
}

/// An open array or object.
#[derive(Clone, Copy)]
struct Frame {
    node: usize,
    /// Elements or entries so far, including the current one.
    count: u32,
    is: Container,
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Container {
    /// Outside of the document.
    None = 0,
    Array = b']',
    Object = b'}',
}

/// Reuses its memory for each text.
pub struct Scanner {
    max_depth: usize,
    nodes: Vec<Node>,
    frames: Vec<Frame>,
}

impl Scanner {
    #[must_use]
    pub fn new(max_depth: u32) -> Self {
        Self {
            max_depth: max_depth as usize,
            nodes: Vec::new(),
            frames: Vec::new(),
        }
    }

    /// The nodes of the last text that was accepted.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The memory of the tape, for a reader that fills it from an archive instead.
    pub fn nodes_mut(&mut self) -> &mut Vec<Node> {
        &mut self.nodes
    }

    /// Scans a text. Checks in the order of the spec: no bytes, UTF-8, byte order mark, grammar and depth.
    /// The caller checks the size limit.
    pub fn scan<'a>(&'a mut self, bytes: &'a [u8], detail: Detail) -> Result<Tape<'a>, ScanFault> {
        if bytes.is_empty() {
            return Err(ScanFault::bare(error_codes::EMPTY_FILE, 0));
        }
        if let Err(error) = std::str::from_utf8(bytes) {
            return Err(ScanFault::bare(
                tandem_common::error_codes::INVALID_UTF8,
                error.valid_up_to(),
            ));
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            return Err(ScanFault::bare(error_codes::JSON_BOM, 0));
        }
        // Tapes count bytes in u32.
        if u32::try_from(bytes.len()).is_err() {
            return Err(ScanFault::bare(tandem_common::error_codes::TOO_LARGE, 0));
        }
        self.grammar(bytes, detail == Detail::Outline)?;
        Ok(Tape::new(bytes, &self.nodes))
    }

    fn grammar(&mut self, bytes: &[u8], outline: bool) -> Result<(), ScanFault> {
        self.nodes.clear();
        self.frames.clear();
        let mut pass = Pass {
            bytes,
            at: 0,
            nodes: &mut self.nodes,
            frames: &mut self.frames,
            top: Frame {
                node: 0,
                count: 0,
                is: Container::None,
            },
            quiet: 0,
            outline,
            max_depth: self.max_depth,
        };
        loop {
            if pass.begin_value()? == Next::After && pass.end_value()? == Next::Done {
                return Ok(());
            }
        }
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    Value,
    After,
    Done,
}

/// The state of one scan. Its two steps are inlined into one loop, so that the fields stay in registers.
struct Pass<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: &'a mut Vec<Node>,
    frames: &'a mut Vec<Frame>,
    top: Frame,
    /// The depth of the array that an outline leaves out; 0 outside of one.
    quiet: usize,
    outline: bool,
    max_depth: usize,
}

impl Pass<'_> {
    /// Reads a scalar, or the start of a container up to its first value. Returns `Value` if that first value
    /// is next, and `After` after a scalar or at the end of an empty container.
    #[inline(always)]
    fn begin_value(&mut self) -> Result<Next, ScanFault> {
        let bytes = self.bytes;
        let (start, byte) = token_at(bytes, self.at);
        match byte {
            b'"' => {
                let (end, kind) = string_end(bytes, start + 1)?;
                self.push(kind, start + 1, end)?;
                self.at = end + 1;
            }
            b'{' | b'[' => return self.open(start, byte == b'{'),
            b'-' | b'0'..=b'9' => {
                let end = number_end(bytes, start)?;
                self.push(kind::NUMBER, start, end)?;
                self.at = end;
            }
            _ => {
                let (spelling, kind) = match byte {
                    b't' => ("'true'", kind::TRUE),
                    b'f' => ("'false'", kind::FALSE),
                    b'n' => ("'null'", kind::NULL),
                    _ => return Err(no_value(bytes, start, self.top)),
                };
                self.at = literal_end(bytes, start, spelling)?;
                self.push(kind, 0, 0)?;
            }
        }
        Ok(Next::After)
    }

    #[inline(always)]
    fn open(&mut self, start: usize, is_object: bool) -> Result<Next, ScanFault> {
        if self.frames.len() >= self.max_depth {
            return Err(ScanFault::bare(error_codes::TOO_DEEP, start));
        }
        if self.frames.len() == self.frames.capacity() {
            self.frames.try_reserve(64).map_err(OutOfMemory::from)?;
        }
        self.frames.push(self.top);
        let (is, kind, close) = if is_object {
            (Container::Object, kind::OBJECT, b'}')
        } else {
            (Container::Array, kind::ARRAY, b']')
        };
        self.top = Frame {
            node: self.nodes.len(),
            count: 0,
            is,
        };
        self.push(kind, 0, 0)?;
        if self.outline && self.quiet == 0 && !is_object {
            self.quiet = self.frames.len();
        }
        let (at, byte) = token_at(self.bytes, start + 1);
        self.at = at;
        if byte == close {
            return Ok(Next::After);
        }
        self.top.count = 1;
        if is_object {
            self.key(at, byte, "a key or '}'")?;
        }
        Ok(Next::Value)
    }

    /// Reads what follows a value: the ends of the containers that it completes, then a comma and, in an
    /// object, the next key.
    #[inline(always)]
    fn end_value(&mut self) -> Result<Next, ScanFault> {
        loop {
            let (at, byte) = token_at(self.bytes, self.at);
            if byte == b',' && self.top.is != Container::None {
                self.top.count += 1;
                self.at = at + 1;
                if self.top.is == Container::Object {
                    let (at, byte) = token_at(self.bytes, at + 1);
                    self.key(at, byte, "a key")?;
                }
                return Ok(Next::Value);
            }
            if byte != self.top.is as u8 {
                return Err(not_after_value(self.bytes, at, byte, self.top.is));
            }
            if self.top.is == Container::None {
                return if at == self.bytes.len() {
                    Ok(Next::Done)
                } else {
                    Err(trailing(at, byte))
                };
            }
            self.at = at + 1;
            self.close();
        }
    }

    #[inline(always)]
    fn close(&mut self) {
        if self.quiet == 0 || self.quiet == self.frames.len() {
            self.quiet = 0;
            let after = word(self.nodes.len());
            if let Some(node) = self.nodes.get_mut(self.top.node) {
                node[1] = self.top.count;
                node[2] = after;
            }
        }
        self.top = self.frames.pop().unwrap_or(self.top);
    }

    /// Reads a key and its colon.
    #[inline(always)]
    fn key(&mut self, start: usize, byte: u8, expected: &'static str) -> Result<(), ScanFault> {
        if byte != b'"' {
            return Err(unexpected(self.bytes, start, expected));
        }
        let (end, kind) = string_end(self.bytes, start + 1)?;
        self.push(kind, start + 1, end)?;
        let (colon, byte) = token_at(self.bytes, end + 1);
        if byte != b':' {
            return Err(unexpected(self.bytes, colon, "':'"));
        }
        self.at = colon + 1;
        Ok(())
    }

    #[inline(always)]
    fn push(&mut self, kind: u32, start: usize, end: usize) -> Result<(), OutOfMemory> {
        if self.quiet != 0 {
            return Ok(());
        }
        if self.nodes.len() == self.nodes.capacity() {
            grow(self.nodes)?;
        }
        self.nodes.push([kind, word(start), word(end - start)]);
        Ok(())
    }
}

/// A position as a word of the tape; `scan` has checked that it fits.
#[inline(always)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a text has less than 2^32 bytes and no more nodes than bytes"
)]
fn word(position: usize) -> u32 {
    position as u32
}

#[cold]
#[inline(never)]
fn grow(nodes: &mut Vec<Node>) -> Result<(), OutOfMemory> {
    nodes.try_reserve(nodes.len().max(256))?;
    Ok(())
}

#[cold]
fn not_after_value(bytes: &[u8], at: usize, byte: u8, inside: Container) -> ScanFault {
    match inside {
        Container::None => trailing(at, byte),
        Container::Array => unexpected(bytes, at, "',' or ']'"),
        Container::Object => unexpected(bytes, at, "',' or '}'"),
    }
}

#[cold]
fn trailing(at: usize, byte: u8) -> ScanFault {
    ScanFault {
        found: Some(byte),
        ..ScanFault::bare(error_codes::JSON_TRAILING, at)
    }
}

#[cold]
fn no_value(bytes: &[u8], at: usize, top: Frame) -> ScanFault {
    let may_close = top.is == Container::Array && top.count == 1;
    unexpected(
        bytes,
        at,
        if may_close {
            "a value or ']'"
        } else {
            "a value"
        },
    )
}

//! A document as a flat list of nodes over its bytes; see "The tape" in `spec/json.md`.

use std::borrow::Cow;

use crate::text::{self, Unescaped};
use tandem_common::memory::OutOfMemory;

/// `kind, a, b`.
pub type Node = [u32; 3];

/// The kinds of nodes; the numbers are those of `spec/json.md` and of .rkyv files.
pub mod kind {
    pub const NULL: u32 = 0;
    pub const FALSE: u32 = 1;
    pub const TRUE: u32 = 2;
    pub const NUMBER: u32 = 3;
    pub const STRING: u32 = 4;
    pub const ARRAY: u32 = 5;
    pub const OBJECT: u32 = 6;
    /// A string with escapes; only in memory.
    pub const ESCAPED: u32 = 7;
}

/// A tape copies nothing: it borrows the text and the nodes. A node is identified by its index; an index
/// without a node reads as `null`.
#[derive(Clone, Copy, Debug)]
pub struct Tape<'a> {
    pub bytes: &'a [u8],
    pub nodes: &'a [Node],
}

impl<'a> Tape<'a> {
    #[must_use]
    pub fn new(bytes: &'a [u8], nodes: &'a [Node]) -> Self {
        Self { bytes, nodes }
    }

    #[must_use]
    pub fn node(&self, index: usize) -> Node {
        self.nodes.get(index).copied().unwrap_or([kind::NULL, 0, 0])
    }

    #[must_use]
    pub fn kind(&self, index: usize) -> u32 {
        self.node(index)[0]
    }

    #[must_use]
    pub fn is_object(&self, index: usize) -> bool {
        self.kind(index) == kind::OBJECT
    }

    #[must_use]
    pub fn is_string(&self, index: usize) -> bool {
        matches!(self.kind(index), kind::STRING | kind::ESCAPED)
    }

    /// The number of elements of an array or entries of an object; otherwise 0.
    #[must_use]
    pub fn count(&self, index: usize) -> u32 {
        match self.node(index) {
            [kind::ARRAY | kind::OBJECT, count, _] => count,
            _ => 0,
        }
    }

    /// The index of the node after this value and everything in it.
    #[must_use]
    pub fn after(&self, index: usize) -> usize {
        match self.node(index) {
            // Never backwards, so that every walk ends, whatever the nodes contain.
            [kind::ARRAY | kind::OBJECT, _, after] => (after as usize).max(index + 1),
            _ => index + 1,
        }
    }

    /// The bytes of a number as spelled, or of a string as stored (with escapes if the kind is `ESCAPED`);
    /// otherwise empty.
    #[must_use]
    pub fn raw(&self, index: usize) -> &'a [u8] {
        let [kind, start, length] = self.node(index);
        if !matches!(kind, kind::NUMBER | kind::STRING | kind::ESCAPED) {
            return &[];
        }
        let (start, length) = (start as usize, length as usize);
        self.bytes
            .get(start..start.saturating_add(length))
            .unwrap_or(&[])
    }

    /// The decoded content of a string, as WTF-8.
    pub fn text(&self, index: usize) -> Result<Cow<'a, [u8]>, OutOfMemory> {
        if self.kind(index) == kind::ESCAPED {
            return Ok(Cow::Owned(text::unescape(self.raw(index))?));
        }
        Ok(Cow::Borrowed(self.raw(index)))
    }

    /// The bytes of `text`, one by one and without an allocation.
    #[must_use]
    pub fn decoded(&self, index: usize) -> Unescaped<'a> {
        Unescaped::new(self.raw(index), self.kind(index) == kind::ESCAPED)
    }

    /// Whether two strings have the same decoded content.
    #[must_use]
    pub fn same_text(&self, index: usize, other: &Tape, other_index: usize) -> bool {
        if self.kind(index) == kind::ESCAPED || other.kind(other_index) == kind::ESCAPED {
            return self.decoded(index).eq(other.decoded(other_index));
        }
        self.raw(index) == other.raw(other_index)
    }

    #[must_use]
    pub fn key_is(&self, index: usize, key: &[u8]) -> bool {
        if self.kind(index) == kind::ESCAPED {
            return self.decoded(index).eq(key.iter().copied());
        }
        self.raw(index) == key
    }

    /// The entries of an object as (key, value), duplicates included; none if this is not an object.
    #[must_use]
    pub fn entries(&self, object: usize) -> Entries<'a> {
        let end = if self.is_object(object) {
            self.after(object)
        } else {
            0
        };
        Entries {
            tape: *self,
            next: object + 1,
            end,
        }
    }

    /// The elements of an array; none if this is not an array. An outline has none.
    #[must_use]
    pub fn elements(&self, array: usize) -> Elements<'a> {
        let end = if self.kind(array) == kind::ARRAY {
            self.after(array)
        } else {
            0
        };
        Elements {
            tape: *self,
            next: array + 1,
            end,
        }
    }

    /// The value of a key of an object, the last one if the key occurs twice.
    #[must_use]
    pub fn get(&self, object: usize, key: &[u8]) -> Option<usize> {
        self.entries(object)
            .filter(|(at, _)| self.key_is(*at, key))
            .last()
            .map(|(_, value)| value)
    }

    #[must_use]
    pub fn element(&self, array: usize, index: usize) -> Option<usize> {
        self.elements(array).nth(index)
    }
}

pub struct Entries<'a> {
    tape: Tape<'a>,
    next: usize,
    end: usize,
}

impl Iterator for Entries<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.next;
        if key >= self.end {
            return None;
        }
        self.next = self.tape.after(key + 1);
        Some((key, key + 1))
    }
}

pub struct Elements<'a> {
    tape: Tape<'a>,
    next: usize,
    end: usize,
}

impl Iterator for Elements<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let element = self.next;
        if element >= self.end {
            return None;
        }
        self.next = self.tape.after(element);
        Some(element)
    }
}

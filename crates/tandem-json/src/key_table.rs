//! Finds many keys of one object in one pass.

use crate::tape::{Tape, kind};

/// Keys by their length, so that most entries are ruled out without a comparison.
pub struct KeyTable {
    by_length: Vec<Vec<(&'static str, usize)>>,
}

/// The value of each key of a table, by the key's slot; 0, which is the document, for an absent key.
#[derive(Clone, Copy)]
pub struct Slots([u32; SLOTS]);

pub const SLOTS: usize = 64;

impl KeyTable {
    /// The i-th key gets slot i.
    pub fn new(keys: impl Iterator<Item = &'static str>) -> Self {
        let mut by_length: Vec<Vec<(&'static str, usize)>> = Vec::new();
        for (slot, key) in keys.enumerate().take(SLOTS) {
            if by_length.len() <= key.len() {
                by_length.resize(key.len() + 1, Vec::new());
            }
            by_length[key.len()].push((key, slot));
        }
        Self { by_length }
    }

    /// Finds the last value of each key, because a later duplicate replaces an earlier one.
    #[must_use]
    pub fn find(&self, tape: &Tape, object: usize) -> Slots {
        let mut slots = Slots::NONE;
        for (key, value) in tape.entries(object) {
            let length = match tape.node(key) {
                [kind::ESCAPED, ..] => tape.decoded(key).count(),
                [_, _, length] => length as usize,
            };
            let candidates = self.by_length.get(length).map_or(&[][..], Vec::as_slice);
            let found = candidates
                .iter()
                .find(|(name, _)| tape.key_is(key, name.as_bytes()));
            if let Some((_, slot)) = found {
                slots.0[*slot] = u32::try_from(value).unwrap_or(0);
            }
        }
        slots
    }
}

impl Slots {
    pub const NONE: Self = Self([0; SLOTS]);

    #[must_use]
    pub fn get(&self, slot: usize) -> Option<usize> {
        self.0
            .get(slot)
            .filter(|node| **node != 0)
            .map(|node| *node as usize)
    }

    /// The values of some slots, in the order of the slots.
    pub fn values(&self, slots: std::ops::Range<usize>) -> impl Iterator<Item = usize> + '_ {
        slots.filter_map(|slot| self.get(slot))
    }
}

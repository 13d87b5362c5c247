//! The objects of a document that are searched for its facts, in the order of `summary.md`.

use std::ops::Range;

use super::keys::{INFO, METADATA, PLACE};
use super::operation::{UNKNOWN, spelled_operation};
use crate::generated::detection::INFO_KEY;
use tandem_json::key_table::Slots;
use tandem_json::tape::{Tape, kind};

/// The document, the operation's own value, and three nested objects of each.
const MOST: usize = 8;

pub struct Places<'t, 'a> {
    tape: &'t Tape<'a>,
    /// Index into `OPERATIONS`.
    pub operation: usize,
    /// The operation's own value.
    pub own: Option<usize>,
    /// Whether the document has an object `sidecar_info`.
    pub has_info: bool,
    /// The slots of `sidecar_info` and of the document.
    info: [Slots; 2],
    found: [Slots; MOST],
    count: usize,
    /// The `metadata` objects of the document and of `own`.
    metadata: [Option<usize>; 2],
}

impl<'t, 'a> Places<'t, 'a> {
    /// The document must be an object.
    pub fn of(tape: &'t Tape<'a>) -> Self {
        let info = tape
            .get(0, INFO_KEY.as_bytes())
            .filter(|node| tape.is_object(*node));
        let mut places = Self {
            tape,
            operation: UNKNOWN,
            own: None,
            has_info: info.is_some(),
            info: [
                info.map_or(Slots::NONE, |info| INFO.table.find(tape, info)),
                INFO.table.find(tape, 0),
            ],
            found: [Slots::NONE; MOST],
            count: 0,
            metadata: [None; 2],
        };
        let top = places.add(0);
        let nested = places.nested(&top);
        places.operation = places.find_operation();
        places.own = places.find_own(nested);
        let own = places.own.filter(|own| tape.is_object(*own));
        let own_slots = own.map_or(Slots::NONE, |own| places.add(own));
        for object in nested
            .into_iter()
            .chain(places.nested(&own_slots))
            .flatten()
        {
            places.add(object);
        }
        let metadata = |slots: &Slots| {
            slots
                .get(PLACE.metadata)
                .filter(|node| tape.is_object(*node))
        };
        places.metadata = [metadata(&top), metadata(&own_slots)];
        places
    }

    fn add(&mut self, object: usize) -> Slots {
        let slots = PLACE.table.find(self.tape, object);
        if let Some(place) = self.found.get_mut(self.count) {
            *place = slots;
            self.count += 1;
        }
        slots
    }

    /// `data`, `result` and `detection`, each only if it is an object.
    fn nested(&self, slots: &Slots) -> [Option<usize>; 3] {
        let mut nested = [None; 3];
        for (object, slot) in nested.iter_mut().zip(PLACE.nested.clone()) {
            *object = slots.get(slot).filter(|node| self.tape.is_object(*node));
        }
        nested
    }

    fn find_operation(&self) -> usize {
        let tape = self.tape;
        let known =
            |node| spelled_operation(tape.decoded(node)).filter(|operation| *operation != UNKNOWN);
        let stated = self.info[0]
            .get(INFO.operation)
            .filter(|node| tape.is_string(*node));
        stated
            .and_then(known)
            .or_else(|| tape.entries(0).find_map(|(key, _)| known(key)))
            .unwrap_or(UNKNOWN)
    }

    /// The value of the first key that spells the operation, at the top level and then in the nested objects.
    fn find_own(&self, nested: [Option<usize>; 3]) -> Option<usize> {
        if self.operation == UNKNOWN {
            return None;
        }
        let tape = self.tape;
        let objects = [Some(0)].into_iter().chain(nested).flatten();
        objects.into_iter().find_map(|object| {
            let mut entries = tape.entries(object);
            let (first, _) = entries
                .find(|(key, _)| spelled_operation(tape.decoded(*key)) == Some(self.operation))?;
            // A later duplicate replaces the value but not the position of the key.
            let same = |(key, _): &(usize, usize)| tape.same_text(first, tape, *key);
            Some(
                entries
                    .filter(same)
                    .last()
                    .map_or(first + 1, |(_, value)| value),
            )
        })
    }

    /// The first value in these slots, object by object, that `accept` accepts.
    pub fn first<T>(&self, slots: &Range<usize>, accept: impl Fn(usize) -> Option<T>) -> Option<T> {
        let places = &self.found[..self.count.min(MOST)];
        places
            .iter()
            .find_map(|place| place.values(slots.clone()).find_map(&accept))
    }

    /// The first string that names a tool: in the objects, then in `metadata`.
    pub fn tool(&self) -> Option<usize> {
        let string = |node| self.tape.is_string(node).then_some(node);
        self.first(&PLACE.tool, string).or_else(|| {
            let mut objects = self.metadata.into_iter().flatten();
            objects.find_map(|object| {
                METADATA
                    .find(self.tape, object)
                    .values(0..PLACE.tool.len())
                    .find_map(string)
            })
        })
    }

    /// The first string in these slots, in `sidecar_info` and then in the document.
    pub fn info(&self, slots: &Range<usize>) -> Option<usize> {
        let mut values = self.info.iter().flat_map(|info| info.values(slots.clone()));
        values.find(|node| matches!(self.tape.kind(*node), kind::STRING | kind::ESCAPED))
    }
}

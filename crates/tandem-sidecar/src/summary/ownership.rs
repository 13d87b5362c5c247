//! The ownership of a document: `spec/sidecar/summary.md`, "Ownership".

use std::ops::Range;
use std::sync::LazyLock;

use super::keys::Keys;
use super::operation::{UNKNOWN, spelled_operation};
use super::seconds;
use crate::generated::detection::{
    COUNT_KEYS, FOREIGN_SIGNS, ForeignSign, LIST_KEYS, METADATA_KEY, NESTED_KEYS,
    PROCESSING_TIME_KEYS, SCORE_KEYS, SETTING_KEYS, SETTING_PREFIXES, SETTING_SUFFIXES,
    SUCCESS_KEYS, SWITCH_KEYS,
};
use tandem_json::key_table::{KeyTable, Slots};
use tandem_json::number;
use tandem_json::tape::{Tape, kind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Owned: Tandem may change it.
    Ours,
    /// Foreign: another program's, with its kind.
    Foreign(&'static str),
    /// Unowned: neither.
    Nobodys,
}

impl Ownership {
    /// The kind of another program's document, otherwise None.
    #[must_use]
    pub fn foreign(self) -> Option<&'static str> {
        match self {
            Self::Foreign(kind) => Some(kind),
            Self::Ours | Self::Nobodys => None,
        }
    }
}

/// The kind of a document that configures an operation and does not contain its result.
const CONFIGURATION: &str = "configuration";

/// The ownership of a JSON document that is an object; an outline is enough.
pub(super) fn ownership(tape: &Tape, has_info: bool) -> Ownership {
    if let Some(kind) = foreign_kind(tape) {
        return Ownership::Foreign(kind);
    }
    if has_info {
        return Ownership::Ours;
    }
    by_operations(tape)
}

/// `FOREIGN_SIGNS`, with the slots of their keys.
struct Signs {
    table: KeyTable,
    signs: Vec<(&'static str, Vec<(usize, u32)>)>,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let mut keys: Vec<&str> = Vec::new();
    let signs = FOREIGN_SIGNS
        .iter()
        .map(|ForeignSign { kind, keys: wanted }| {
            let slots = wanted.iter().map(|(key, kind)| {
                let known = keys.iter().position(|known| known == key);
                let slot = known.unwrap_or_else(|| {
                    keys.push(key);
                    keys.len() - 1
                });
                (slot, *kind)
            });
            (*kind, slots.collect())
        });
    let signs = signs.collect();
    Signs {
        table: KeyTable::new(keys.into_iter()),
        signs,
    }
});

fn foreign_kind(tape: &Tape) -> Option<&'static str> {
    let slots = SIGNS.table.find(tape, 0);
    let is_there = |(slot, wanted): &(usize, u32)| {
        slots.get(*slot).is_some_and(|node| match tape.kind(node) {
            kind::ESCAPED => *wanted == kind::STRING,
            kind => kind == *wanted,
        })
    };
    let found = SIGNS
        .signs
        .iter()
        .find(|(_, keys)| keys.iter().all(is_there));
    found.map(|(kind, _)| *kind)
}

/// Judges by the values of the top-level keys that spell an operation, for each operation the first key.
fn by_operations(tape: &Tape) -> Ownership {
    let mut seen = 0_u32;
    let mut is_configured = false;
    for (key, _) in tape.entries(0) {
        let Some(operation) = spelled_operation(tape.decoded(key)) else {
            continue;
        };
        if operation == UNKNOWN || seen & (1 << operation) != 0 {
            continue;
        }
        seen |= 1 << operation;
        // A later duplicate replaces the value.
        let same = tape
            .entries(0)
            .filter(|(other, _)| tape.same_text(key, tape, *other));
        let Some((key, value)) = same.last() else {
            continue;
        };
        if is_result(tape, key, value) {
            return Ownership::Ours;
        }
        is_configured |= is_setting(tape, value);
    }
    if is_configured {
        Ownership::Foreign(CONFIGURATION)
    } else {
        Ownership::Nobodys
    }
}

/// Whether an operation's value has the shape of a result.
fn is_result(tape: &Tape, key: usize, value: usize) -> bool {
    match tape.kind(value) {
        kind::ARRAY => !is_list_of_text(tape, key),
        kind::OBJECT => {
            let inner = NESTED_KEYS.iter().chain([&METADATA_KEY]);
            says_result(tape, value)
                || inner
                    .filter_map(|key| tape.get(value, key.as_bytes()))
                    .any(|inner| tape.is_object(inner) && says_result(tape, inner))
        }
        _ => false,
    }
}

/// The keys by which a result is recognized.
struct ResultKeys {
    table: KeyTable,
    success: Range<usize>,
    processing_time: Range<usize>,
    list: Range<usize>,
    count: Range<usize>,
    score: Range<usize>,
}

static RESULT: LazyLock<ResultKeys> = LazyLock::new(|| {
    let mut keys = Keys::default();
    ResultKeys {
        success: keys.add(SUCCESS_KEYS),
        processing_time: keys.add(PROCESSING_TIME_KEYS),
        list: keys.add(LIST_KEYS),
        count: keys.add(COUNT_KEYS),
        score: keys.add(SCORE_KEYS),
        table: keys.table(),
    }
});

fn says_result(tape: &Tape, object: usize) -> bool {
    let slots: Slots = RESULT.table.find(tape, object);
    let some = |of: &Range<usize>, is: &dyn Fn(usize) -> bool| slots.values(of.clone()).any(is);
    let is_number = |node| tape.kind(node) == kind::NUMBER;
    let is_list = |node| tape.kind(node) == kind::ARRAY;
    if some(&RESULT.success, &|node| is_boolean(tape, node))
        || some(&RESULT.processing_time, &|node| {
            seconds(tape, node).is_some()
        })
    {
        return true;
    }
    let settings = settings_in(tape, object);
    if settings == Some(Settings::Switch) {
        return false;
    }
    // A value directly follows its key.
    let is_filled =
        |node| is_list(node) && tape.count(node) > 0 && !is_list_of_text(tape, node - 1);
    if some(&RESULT.list, &is_filled) {
        return true;
    }
    settings.is_none()
        && (some(&RESULT.list, &|node| is_list(node) && tape.count(node) == 0)
            || some(&RESULT.count, &|node| {
                is_number(node) && number::count(tape.raw(node)).is_some()
            })
            || some(&RESULT.score, &is_number))
}

/// Whether an operation's value, which is not a result, configures the operation.
fn is_setting(tape: &Tape, value: usize) -> bool {
    match tape.kind(value) {
        kind::OBJECT => settings_in(tape, value).is_some(),
        kind::ARRAY => true,
        _ => tape.is_string(value) || is_boolean(tape, value),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Settings {
    Switch,
    Other,
}

/// The configuration keys in an object; a switch takes precedence over other settings.
fn settings_in(tape: &Tape, object: usize) -> Option<Settings> {
    let mut found = None;
    for (key, _) in tape.entries(object) {
        let is_any = |keys: &[&str]| keys.iter().any(|one| tape.key_is(key, one.as_bytes()));
        if is_any(SWITCH_KEYS) {
            return Some(Settings::Switch);
        }
        let begins = |prefix: &&str| {
            let mut letters = tape.decoded(key);
            prefix.bytes().all(|byte| letters.next() == Some(byte))
        };
        let ends = |suffix: &&str| {
            let length = tape.decoded(key).count();
            length >= suffix.len()
                && tape
                    .decoded(key)
                    .skip(length - suffix.len())
                    .eq(suffix.bytes())
        };
        if is_any(SETTING_KEYS)
            || SETTING_PREFIXES.iter().any(begins)
            || SETTING_SUFFIXES.iter().any(ends)
        {
            found = Some(Settings::Other);
        }
    }
    found
}

/// Whether the first element of an entry's array is a string: names of classes or models, which no detector
/// returns as its result. An outline has no elements; the text after the key is examined instead.
fn is_list_of_text(tape: &Tape, key: usize) -> bool {
    if let Some(first) = tape.elements(key + 1).next() {
        return tape.is_string(first);
    }
    let [_, start, length] = tape.node(key);
    let behind = start as usize + length as usize + 1;
    let Some(rest) = tape.bytes.get(behind..) else {
        return false;
    };
    let list = rest
        .trim_ascii_start()
        .strip_prefix(b":")
        .and_then(|rest| rest.trim_ascii_start().strip_prefix(b"["));
    list.is_some_and(|list| list.trim_ascii_start().starts_with(b"\""))
}

fn is_boolean(tape: &Tape, node: usize) -> bool {
    matches!(tape.kind(node), kind::TRUE | kind::FALSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_signs_has_a_slot() {
        let mut slots = SIGNS.signs.iter().flat_map(|(_, keys)| keys);
        assert!(slots.all(|(slot, _)| *slot < tandem_json::key_table::SLOTS));
    }
}

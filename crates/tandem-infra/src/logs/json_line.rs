//! The values of keys in one JSON line, found in its text: `spec/infra/logs.md`, "Level".

use memchr::memmem;

/// A value: where it begins and ends in the line, without quotes.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub start: usize,
    pub end: usize,
    pub is_text: bool,
}

/// The first of the keys whose value `accept` takes. The keys are given with their quotes.
pub(super) fn find<T>(
    line: &[u8],
    keys: &[&str],
    mut accept: impl FnMut(Value) -> Option<T>,
) -> Option<T> {
    keys.iter()
        .find_map(|key| value(line, key.as_bytes()).and_then(&mut accept))
}

fn value(line: &[u8], key: &[u8]) -> Option<Value> {
    memmem::find_iter(line, key).find_map(|at| {
        let colon = after_spaces(line, at + key.len());
        if line.get(colon) != Some(&b':') {
            return None;
        }
        let start = after_spaces(line, colon + 1);
        if line.get(start) == Some(&b'"') {
            return Some(Value {
                start: start + 1,
                end: end_of_text(line, start + 1),
                is_text: true,
            });
        }
        Some(Value {
            start,
            end: line.len(),
            is_text: false,
        })
    })
}

fn after_spaces(line: &[u8], at: usize) -> usize {
    let rest = line.get(at..).unwrap_or(&[]);
    at + rest.iter().take_while(|byte| **byte == b' ').count()
}

fn end_of_text(line: &[u8], from: usize) -> usize {
    memchr::memchr_iter(b'"', &line[from..])
        .map(|at| from + at)
        .find(|at| line[at - 1] != b'\\')
        .unwrap_or(line.len())
}

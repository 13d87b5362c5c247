//! The summary of a document, by the rules of `spec/sidecar/summary.md`.

mod block;
mod keys;
mod operation;
mod ownership;
mod places;

use std::borrow::Cow;

use keys::{INFO, PLACE};
use places::Places;
use tandem_common::memory::OutOfMemory;
use tandem_json::number;
use tandem_json::tape::{Tape, kind};

pub use block::{read_block, write_block};
pub use operation::{UNKNOWN, spelled_operation};
pub use ownership::Ownership;

/// Strings are WTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary<'a> {
    /// Index into `OPERATIONS`.
    pub operation: usize,
    pub detections: u64,
    pub tool: Option<Cow<'a, [u8]>>,
    pub success: Option<bool>,
    /// Seconds, as the document spells them: ASCII.
    pub processing_time: Option<&'a [u8]>,
    pub created_at: Option<Cow<'a, [u8]>>,
    pub last_updated: Option<Cow<'a, [u8]>>,
    pub image_path: Option<Cow<'a, [u8]>>,
    pub ownership: Ownership,
}

impl Summary<'_> {
    /// The summary of a document without any facts.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            operation: UNKNOWN,
            detections: 0,
            tool: None,
            success: None,
            processing_time: None,
            created_at: None,
            last_updated: None,
            image_path: None,
            ownership: Ownership::Nobodys,
        }
    }
}

/// Reads the summary from a tape; an outline is enough.
pub fn summarize<'a>(tape: &Tape<'a>) -> Result<Summary<'a>, OutOfMemory> {
    if !tape.is_object(0) {
        return Ok(Summary::nothing());
    }
    let places = Places::of(tape);
    let told = |slots| match places.info(slots) {
        Some(node) => tape.text(node).map(Some),
        None => Ok(None),
    };
    let tool = match places.tool() {
        Some(node) => Some(tape.text(node)?),
        None => None,
    };
    Ok(Summary {
        operation: places.operation,
        detections: detections(tape, &places),
        tool,
        success: places.first(&PLACE.success, |node| match tape.kind(node) {
            kind::TRUE => Some(true),
            kind::FALSE => Some(false),
            _ => None,
        }),
        processing_time: places.first(&PLACE.processing_time, |node| seconds(tape, node)),
        created_at: told(&INFO.created_at)?,
        last_updated: told(&INFO.last_updated)?,
        image_path: told(&INFO.image_path)?,
        ownership: ownership::ownership(tape, places.has_info),
    })
}

fn detections(tape: &Tape, places: &Places) -> u64 {
    let counted = |node| match tape.kind(node) {
        kind::NUMBER => number::count(tape.raw(node)),
        _ => None,
    };
    let listed = |node| match tape.kind(node) {
        kind::ARRAY => Some(u64::from(tape.count(node))),
        _ => None,
    };
    places
        .first(&PLACE.count, counted)
        .or_else(|| places.first(&PLACE.list, listed))
        .or_else(|| places.own.and_then(listed))
        .unwrap_or(0)
}

/// None for a value that is not a duration, so that the search continues.
fn seconds<'a>(tape: &Tape<'a>, node: usize) -> Option<&'a [u8]> {
    if tape.kind(node) != kind::NUMBER {
        return None;
    }
    let spelling = tape.raw(node);
    let seconds = number::value(spelling);
    (seconds.is_finite() && seconds >= 0.0).then_some(spelling)
}

//! Findings: what is valid but worth knowing.

use tandem_common::memory::OutOfMemory;
use tandem_json::number;
use tandem_json::tape::{Tape, kind};
use tandem_json::wtf8::has_surrogate;

/// `offset` counts bytes from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub offset: u64,
    pub name: &'static str,
}

pub const EXTENSION_MISMATCH: &str = "extension_mismatch";
pub const NUL_TAIL: &str = "nul_tail";

/// The offset of a tape's text in its file.
#[derive(Clone, Copy, Debug)]
pub enum TextAt {
    /// JSON text; the offset of a string is that of its opening quote.
    Json(u64),
    /// The text of an archive, which has no quotes; the offset of a string is that of its first byte.
    Archive(u64),
}

/// Appends the findings of a full tape, unsorted.
pub fn lint(findings: &mut Vec<Finding>, tape: &Tape, text: TextAt) -> Result<(), OutOfMemory> {
    if !tape.is_object(0) {
        tell(findings, "not_an_object", 0)?;
    }
    let mut keys = Vec::new();
    for node in 0..tape.nodes.len() {
        let [node_kind, start, _] = tape.node(node);
        match node_kind {
            kind::NUMBER => {
                if let Some(name) = number_finding(tape.raw(node)) {
                    tell(findings, name, text.start() + u64::from(start))?;
                }
            }
            // A string without escapes contains no surrogate in JSON text, but may contain one in an archive.
            kind::STRING | kind::ESCAPED
                if text.may_hold_surrogate(node_kind) && has_surrogate(tape.decoded(node)) =>
            {
                tell(findings, "lone_surrogate", text.string(start))?;
            }
            kind::OBJECT => duplicate_keys(findings, &mut keys, tape, node, text)?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether a complete document is followed only by NUL bytes, as a crash of the file system leaves it. `rest`
/// is the text after the document.
#[must_use]
pub fn is_nul_tail(rest: &[u8]) -> bool {
    rest.iter().all(|byte| *byte == 0)
}

pub fn tell(
    findings: &mut Vec<Finding>,
    name: &'static str,
    offset: u64,
) -> Result<(), OutOfMemory> {
    findings.try_reserve(1)?;
    findings.push(Finding { offset, name });
    Ok(())
}

fn number_finding(spelling: &[u8]) -> Option<&'static str> {
    // Shorter numbers without an exponent are within both ranges.
    if spelling.len() < 16 && !spelling.iter().any(|byte| byte | 0x20 == b'e') {
        return None;
    }
    if number::value(spelling).is_infinite() {
        return Some("number_beyond_double");
    }
    number::is_integer_beyond_2_53(spelling).then_some("number_beyond_2_53")
}

/// Sorts the keys, so that n keys take n log n comparisons in the worst case.
fn duplicate_keys(
    findings: &mut Vec<Finding>,
    keys: &mut Vec<usize>,
    tape: &Tape,
    object: usize,
    text: TextAt,
) -> Result<(), OutOfMemory> {
    keys.clear();
    keys.try_reserve(tape.count(object) as usize)?;
    keys.extend(tape.entries(object).map(|(key, _)| key));
    keys.sort_unstable_by(|one, other| {
        let plain = tape.kind(*one) == kind::STRING && tape.kind(*other) == kind::STRING;
        let texts = if plain {
            tape.raw(*one).cmp(tape.raw(*other))
        } else {
            tape.decoded(*one).cmp(tape.decoded(*other))
        };
        texts.then(one.cmp(other))
    });
    for pair in keys.windows(2) {
        if let [first, second] = *pair
            && tape.same_text(first, tape, second)
        {
            tell(findings, "duplicate_key", text.string(tape.node(second)[1]))?;
        }
    }
    Ok(())
}

impl TextAt {
    fn start(self) -> u64 {
        match self {
            Self::Json(start) | Self::Archive(start) => start,
        }
    }

    fn string(self, start: u32) -> u64 {
        match self {
            Self::Json(text) => (text + u64::from(start)).saturating_sub(1),
            Self::Archive(text) => text + u64::from(start),
        }
    }

    fn may_hold_surrogate(self, node_kind: u32) -> bool {
        node_kind == kind::ESCAPED || matches!(self, Self::Archive(_))
    }
}

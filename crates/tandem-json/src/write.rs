//! Writes a tape as JSON in the one specified form: no white space, numbers as spelled, the escapes of
//! `spec/sidecar/reports.md`.

use crate::tape::{Tape, kind};
use tandem_common::json_string::write_string;
use tandem_common::memory::{OutOfMemory, append};

struct Open {
    is_object: bool,
    /// Keys, values and elements that are still expected.
    left: u64,
}

/// Appends a value of a full tape; node 0 is the document. rkyv is converted to json in this form, and the
/// older tool's form contains it.
pub fn write_json(out: &mut Vec<u8>, tape: &Tape, root: usize) -> Result<(), OutOfMemory> {
    let mut open: Vec<Open> = Vec::new();
    for node in root..tape.after(root) {
        if let Some(container) = open.last_mut() {
            container.left = container.left.saturating_sub(1);
        }
        let node_kind = tape.kind(node);
        match node_kind {
            kind::FALSE => append(out, b"false")?,
            kind::TRUE => append(out, b"true")?,
            kind::NUMBER => append(out, tape.raw(node))?,
            kind::STRING => write_string(out, tape.raw(node))?,
            kind::ESCAPED => write_string(out, &tape.text(node)?)?,
            kind::ARRAY | kind::OBJECT => {
                let is_object = node_kind == kind::OBJECT;
                let left = u64::from(tape.count(node)) << u32::from(is_object);
                append(out, if is_object { b"{" } else { b"[" })?;
                open.try_reserve(1)?;
                open.push(Open { is_object, left });
                if left > 0 {
                    continue;
                }
            }
            _ => append(out, b"null")?,
        }
        end_value(out, &mut open)?;
    }
    Ok(())
}

/// Called after a value: writes the brackets that close here, and the separator before the next value.
fn end_value(out: &mut Vec<u8>, open: &mut Vec<Open>) -> Result<(), OutOfMemory> {
    while let Some(container) = open.last() {
        if container.left > 0 {
            let follows_key = container.is_object && container.left % 2 == 1;
            return append(out, if follows_key { b":" } else { b"," });
        }
        append(out, if container.is_object { b"}" } else { b"]" })?;
        open.pop();
    }
    Ok(())
}

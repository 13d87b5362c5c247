//! The summary block of a sealed file: one JSON object, keys in the order of `summary.md`, no white space.

use std::borrow::Cow;

use super::{Ownership, Summary};
use crate::generated::detection::OPERATIONS;
use tandem_common::json_string::write_string;
use tandem_common::memory::{OutOfMemory, append};
use tandem_json::number;
use tandem_json::tape::{Tape, kind};

pub fn write_block(out: &mut Vec<u8>, summary: &Summary) -> Result<(), OutOfMemory> {
    let operation = OPERATIONS
        .get(summary.operation)
        .map_or("unknown", |operation| operation.name);
    append(out, b"{\"operation\":\"")?;
    append(out, operation.as_bytes())?;
    append(out, b"\",\"detections\":")?;
    append(out, summary.detections.to_string().as_bytes())?;
    append(out, b",\"tool\":")?;
    write_text(out, summary.tool.as_ref())?;
    append(out, b",\"success\":")?;
    append(
        out,
        summary.success.map_or(
            b"null".as_slice(),
            |success| if success { b"true" } else { b"false" },
        ),
    )?;
    append(out, b",\"processing_time\":")?;
    append(out, summary.processing_time.unwrap_or(b"null"))?;
    append(out, b",\"created_at\":")?;
    write_text(out, summary.created_at.as_ref())?;
    append(out, b",\"last_updated\":")?;
    write_text(out, summary.last_updated.as_ref())?;
    append(out, b"}")
}

fn write_text(out: &mut Vec<u8>, text: Option<&Cow<[u8]>>) -> Result<(), OutOfMemory> {
    match text {
        Some(text) => write_string(out, text),
        None => append(out, b"null"),
    }
}

/// Reads a block; `None` if it is not what `write_block` writes. A block contains no image path.
pub fn read_block<'a>(tape: &Tape<'a>) -> Result<Option<Summary<'a>>, OutOfMemory> {
    let text = |key: &[u8]| match tape.get(0, key) {
        Some(node) if tape.is_string(node) => tape.text(node).map(Some),
        _ => Ok(None),
    };
    let number = |key: &[u8]| {
        let node = tape
            .get(0, key)
            .filter(|node| tape.kind(*node) == kind::NUMBER)?;
        Some(tape.raw(node))
    };
    let name = text(b"operation")?.unwrap_or_default();
    let operation = OPERATIONS
        .iter()
        .position(|operation| operation.name.as_bytes() == &*name);
    let (Some(operation), Some(detections)) =
        (operation, number(b"detections").and_then(number::count))
    else {
        return Ok(None);
    };
    let success = tape.get(0, b"success").map(|node| tape.kind(node));
    let summary = Summary {
        operation,
        detections,
        tool: text(b"tool")?,
        success: match success {
            Some(kind::TRUE) => Some(true),
            Some(kind::FALSE) => Some(false),
            _ => None,
        },
        processing_time: tape
            .get(0, b"processing_time")
            .and_then(|node| super::seconds(tape, node)),
        created_at: text(b"created_at")?,
        last_updated: text(b"last_updated")?,
        image_path: None,
        ownership: Ownership::Ours,
    };
    // A block that this program would write differently comes from another program.
    let mut written = Vec::new();
    write_block(&mut written, &summary)?;
    Ok((written == tape.bytes).then_some(summary))
}

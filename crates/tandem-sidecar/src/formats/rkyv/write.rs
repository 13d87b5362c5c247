use tandem_common::Fault;

use super::{HEADER, NODE, ROOT, VERSION, padded};
use crate::generated::formats::RKYV_MAGIC;
use tandem_common::memory::{OutOfMemory, append};
use tandem_json::tape::{Tape, kind};
use tandem_json::text::unescape_onto;

/// Writes a full tape as an archive, byte for byte as rkyv's own serializer does. Fails with `TOO_LARGE` if
/// the archive is too large for its pointers (2 GiB), or with `OUT_OF_MEMORY` and the size of the text.
pub fn write(tape: &Tape) -> Result<Vec<u8>, Fault> {
    let no_memory = |_: OutOfMemory| {
        Fault::new(tandem_common::error_codes::OUT_OF_MEMORY).with("size", tape.bytes.len())
    };
    let text_length = text_length(tape);
    let nodes_length = (tape.nodes.len() * NODE) as u64;
    let root = padded(text_length) + nodes_length;
    let (Ok(reach), Ok(text_length)) = (i32::try_from(root + 8), u32::try_from(text_length)) else {
        let size = root + (HEADER + ROOT) as u64;
        return Err(Fault::new(tandem_common::error_codes::TOO_LARGE)
            .with("size", size)
            .with("limit", i32::MAX));
    };

    let mut file = Vec::new();
    let size = HEADER + ROOT + usize::try_from(root).unwrap_or(usize::MAX);
    file.try_reserve_exact(size)
        .map_err(|error| no_memory(error.into()))?;
    file.extend_from_slice(&RKYV_MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.resize(HEADER, 0);
    write_texts(&mut file, tape).map_err(no_memory)?;
    file.resize(file.len().next_multiple_of(4), 0);
    write_nodes(&mut file, tape);
    // Each pointer is relative to its own position: the text's to the root, the nodes' to 8 bytes after it.
    file.extend_from_slice(&(8 - reach).to_le_bytes());
    file.extend_from_slice(&text_length.to_le_bytes());
    let nodes_reach = i32::try_from(nodes_length).unwrap_or(i32::MAX) + 8;
    file.extend_from_slice(&(-nodes_reach).to_le_bytes());
    file.extend_from_slice(
        &u32::try_from(tape.nodes.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes(),
    );
    Ok(file)
}

fn is_text(node_kind: u32) -> bool {
    matches!(node_kind, kind::NUMBER | kind::STRING | kind::ESCAPED)
}

fn node_text_length(tape: &Tape, node: usize) -> u64 {
    let [node_kind, _, length] = tape.node(node);
    match node_kind {
        kind::ESCAPED => tape.decoded(node).count() as u64,
        node_kind if is_text(node_kind) => u64::from(length),
        _ => 0,
    }
}

fn text_length(tape: &Tape) -> u64 {
    (0..tape.nodes.len())
        .map(|node| node_text_length(tape, node))
        .sum()
}

fn write_texts(file: &mut Vec<u8>, tape: &Tape) -> Result<(), OutOfMemory> {
    for node in 0..tape.nodes.len() {
        match tape.kind(node) {
            kind::ESCAPED => unescape_onto(file, tape.raw(node))?,
            _ => append(file, tape.raw(node))?,
        }
    }
    Ok(())
}

/// `write` has reserved the memory.
fn write_nodes(file: &mut Vec<u8>, tape: &Tape) {
    let mut text = 0_u32;
    for (index, node) in tape.nodes.iter().enumerate() {
        let [mut node_kind, mut a, mut b] = *node;
        if is_text(node_kind) {
            if node_kind == kind::ESCAPED {
                node_kind = kind::STRING;
                b = u32::try_from(node_text_length(tape, index)).unwrap_or(u32::MAX);
            }
            a = text;
            text = text.wrapping_add(b);
        }
        for word in [node_kind, a, b] {
            file.extend_from_slice(&word.to_le_bytes());
        }
    }
}

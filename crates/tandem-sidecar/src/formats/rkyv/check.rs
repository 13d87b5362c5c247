//! One linear pass that accepts an archive only if every byte is where the writer puts it. The tests are in
//! the order of `docs/formats.md`. The two pointers of the root are the only pointers, so no archive can
//! cause recursion.

use crate::error_codes;
use tandem_common::Fault;

use super::super::fields::{u16_at, u32_at};
use super::{HEADER, NODE, ROOT, VERSION, VERSION_AT, padded};
use tandem_common::memory::OutOfMemory;
use tandem_json::number::is_number;
use tandem_json::tape::{Node, Tape, kind};
use tandem_json::wtf8::is_wtf8;

/// The tape of a whole file that begins with the magic. The nodes are copied into `nodes`, whose memory is
/// reused; no text is decoded.
pub fn read<'a>(
    file: &'a [u8],
    max_depth: u32,
    nodes: &'a mut Vec<Node>,
) -> Result<Tape<'a>, Fault> {
    let layout = read_layout(file)?;
    copy_nodes(nodes, &file[layout.nodes_at..layout.nodes_end])
        .map_err(|_| no_memory(file.len()))?;
    let text = &file[HEADER..layout.text_end];
    let tape = Tape::new(text, nodes);
    check_nodes(&tape, layout.nodes_at, max_depth as usize)?;
    Ok(tape)
}

struct Layout {
    text_end: usize,
    nodes_at: usize,
    nodes_end: usize,
}

fn read_layout(file: &[u8]) -> Result<Layout, Fault> {
    let size = file.len();
    if size < HEADER + ROOT {
        return Err(Fault::at(error_codes::RKYV_TRUNCATED, size as u64));
    }
    let version = u16_at(file, VERSION_AT);
    if version != VERSION || file[VERSION_AT + 2..HEADER].iter().any(|byte| *byte != 0) {
        return Err(
            Fault::at(error_codes::RKYV_VERSION, VERSION_AT as u64).with("version", version)
        );
    }
    let root = size - ROOT;
    let archived = (root - HEADER) as u64;
    let (text_length, count) = (
        u64::from(u32_at(file, root + 4)),
        u64::from(u32_at(file, root + 12)),
    );
    let nodes_start = padded(text_length);
    if nodes_start + count * NODE as u64 != archived || pointer(file, root) != -i128::from(archived)
    {
        return Err(wrong_layout(root));
    }
    if pointer(file, root + 8) != i128::from(nodes_start) - i128::from(archived + 8) {
        return Err(wrong_layout(root + 8));
    }
    if count == 0 {
        return Err(wrong_layout(root + 12));
    }
    // Both fit into the file, because their sum with the nodes does.
    let within = |length: u64| HEADER + usize::try_from(length).unwrap_or(0);
    let (text_end, nodes_at) = (within(text_length), within(nodes_start));
    if let Some(padding) = (text_end..nodes_at).find(|at| file[*at] != 0) {
        return Err(wrong_layout(padding));
    }
    Ok(Layout {
        text_end,
        nodes_at,
        nodes_end: root,
    })
}

fn pointer(file: &[u8], at: usize) -> i128 {
    i128::from(u32_at(file, at).cast_signed())
}

fn wrong_layout(at: usize) -> Fault {
    Fault::at(error_codes::RKYV_LAYOUT, at as u64)
}

fn no_memory(size: usize) -> Fault {
    Fault::new(tandem_common::error_codes::OUT_OF_MEMORY).with("size", size)
}

fn copy_nodes(nodes: &mut Vec<Node>, bytes: &[u8]) -> Result<(), OutOfMemory> {
    nodes.clear();
    nodes.try_reserve(bytes.len() / NODE)?;
    let (words, _) = bytes.as_chunks::<4>();
    let (chunks, _) = words.as_chunks::<3>();
    nodes.extend(chunks.iter().map(|chunk| chunk.map(u32::from_le_bytes)));
    Ok(())
}

/// An open container, or the level outside of the document, which takes one value and has no node.
#[derive(Clone, Copy)]
struct Open {
    node: Option<usize>,
    is_object: bool,
    /// Keys, values and elements that are still expected.
    left: u64,
}

fn check_nodes(tape: &Tape, nodes_at: usize, max_depth: usize) -> Result<(), Fault> {
    let fault = |code, node: usize| Fault::at(code, (nodes_at + node * NODE) as u64);
    let wrong = |code, node: usize| fault(code, node).with("node", node);
    let is_utf8 = std::str::from_utf8(tape.bytes).is_ok();
    let count = tape.nodes.len();
    let mut around: Vec<Open> = Vec::new();
    let mut top = Open {
        node: None,
        is_object: false,
        left: 1,
    };
    let mut written = 0;
    for (index, &[node_kind, a, b]) in tape.nodes.iter().enumerate() {
        while top.left == 0 {
            match top.node {
                Some(container) if end_of(tape, container) == index => {}
                container => return Err(wrong(error_codes::RKYV_NODE, container.unwrap_or(index))),
            }
            top = around.pop().unwrap_or(top);
        }
        if top.is_object && top.left.is_multiple_of(2) && node_kind != kind::STRING {
            return Err(wrong(error_codes::RKYV_NODE, index));
        }
        top.left -= 1;
        match node_kind {
            kind::NULL | kind::FALSE | kind::TRUE if a == 0 && b == 0 => {}
            kind::NUMBER | kind::STRING => {
                let end = written + b as usize;
                let Some(text) = tape
                    .bytes
                    .get(written..end)
                    .filter(|_| a as usize == written)
                else {
                    return Err(wrong(error_codes::RKYV_NODE, index));
                };
                if node_kind == kind::NUMBER && !is_number(text) {
                    return Err(wrong(error_codes::RKYV_NUMBER, index));
                }
                if node_kind == kind::STRING && !is_string(tape.bytes, text, end, is_utf8) {
                    return Err(wrong(error_codes::RKYV_TEXT, index));
                }
                written = end;
            }
            kind::ARRAY | kind::OBJECT if a as usize <= count => {
                if around.len() >= max_depth {
                    return Err(
                        fault(tandem_json::error_codes::TOO_DEEP, index).with("limit", max_depth)
                    );
                }
                let is_object = node_kind == kind::OBJECT;
                around
                    .try_reserve(1)
                    .map_err(|_| no_memory(nodes_at + count * NODE + ROOT))?;
                around.push(top);
                top = Open {
                    node: Some(index),
                    is_object,
                    left: u64::from(a) << u32::from(is_object),
                };
            }
            _ => return Err(wrong(error_codes::RKYV_NODE, index)),
        }
    }
    while let Some(container) = top.node {
        if top.left != 0 || end_of(tape, container) != count {
            return Err(wrong(error_codes::RKYV_NODE, container));
        }
        top = around.pop().unwrap_or(Open { node: None, ..top });
    }
    if written != tape.bytes.len() {
        return Err(wrong_layout(nodes_at + count * NODE + 4));
    }
    Ok(())
}

/// The end that a container states, which may be wrong.
fn end_of(tape: &Tape, container: usize) -> usize {
    tape.node(container)[2] as usize
}

/// Whether a part of the text is WTF-8. In text that is entirely UTF-8, a part is UTF-8 if it begins and ends
/// between characters, and it begins where the part before it was found to end.
fn is_string(text: &[u8], part: &[u8], end: usize, is_utf8: bool) -> bool {
    if is_utf8 {
        return text.get(end).is_none_or(|byte| byte & 0xc0 != 0x80);
    }
    is_wtf8(part)
}

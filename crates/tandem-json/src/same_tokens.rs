//! The proof before a source is removed, so it shares no code with the writers.

use crate::tape::{Tape, kind};

/// Whether two full tapes are equal token by token: order, duplicate keys, the spelling of every number, and
/// every character of every string.
#[must_use]
pub fn same_tokens(one: &Tape, other: &Tape) -> bool {
    one.nodes.len() == other.nodes.len()
        && (0..one.nodes.len()).all(|node| same_token(one, other, node))
}

fn same_token(one: &Tape, other: &Tape, node: usize) -> bool {
    match (one.kind(node), other.kind(node)) {
        (kind::STRING | kind::ESCAPED, kind::STRING | kind::ESCAPED) => {
            one.same_text(node, other, node)
        }
        (kind::NUMBER, kind::NUMBER) => one.raw(node) == other.raw(node),
        (kind::ARRAY, kind::ARRAY) | (kind::OBJECT, kind::OBJECT) => {
            one.node(node) == other.node(node)
        }
        (first, second) => first == second && first <= kind::TRUE,
    }
}

//! The words that make a statement end in a special way.

use super::byte_class::{Class, class};
use super::gap::end_of_gap;
use super::token::end_of_word;

/// How far the words of a statement match one that ends in a special way: psqlscan.l, identifiers, and COPY.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Words {
    #[default]
    First,
    Create,
    CreateOr,
    CreateOrReplace,
    /// CREATE [OR REPLACE] FUNCTION or PROCEDURE: its BEGIN, CASE and END are counted.
    Routine,
    Copy,
    /// The remaining words do not matter.
    Any,
}

impl Words {
    /// The state after one more word; `begins` is whether the word begins the statement.
    pub(super) fn and(self, word: &[u8], begins: bool) -> Self {
        match self {
            Self::First if is_word(word, b"create") => Self::Create,
            Self::First if begins && is_word(word, b"copy") => Self::Copy,
            Self::Create if is_word(word, b"or") => Self::CreateOr,
            Self::CreateOr if is_word(word, b"replace") => Self::CreateOrReplace,
            Self::Create | Self::CreateOrReplace
                if is_word(word, b"function") || is_word(word, b"procedure") =>
            {
                Self::Routine
            }
            Self::Routine | Self::Copy => self,
            _ => Self::Any,
        }
    }
}

/// The BEGIN depth after a word of a routine outside of parentheses: END also ends a CASE.
pub(super) fn begin_depth_after(depth: usize, word: &[u8]) -> usize {
    if is_word(word, b"begin") || depth > 0 && is_word(word, b"case") {
        depth + 1
    } else if is_word(word, b"end") {
        depth.saturating_sub(1)
    } else {
        depth
    }
}

/// Whether the token after the FROM of a COPY is the word STDIN. STDOUT reads from the same source (gram.y,
/// `copy_file_name`).
pub(super) fn is_stdin(text: &[u8], at: usize) -> bool {
    end_of_gap(text, at).is_some_and(|next| {
        let word = &text[next..end_of_word(text, next)];
        is_word(word, b"stdin") || is_word(word, b"stdout")
    })
}

/// Whether text[at] follows a dot. Then it is the name of a column or a table, even if it is a keyword.
pub(super) fn is_behind_dot(text: &[u8], at: usize) -> bool {
    let before = text[..at].iter().rev();
    before
        .copied()
        .find(|&byte| class(byte) != Class::Space)
        .is_some_and(|byte| byte == b'.')
}

/// Whether these bytes are this word, ignoring case.
pub(super) fn is_word(bytes: &[u8], word: &[u8]) -> bool {
    bytes.eq_ignore_ascii_case(word)
}

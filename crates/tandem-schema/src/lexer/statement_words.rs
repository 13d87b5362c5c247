//! The words by which a statement ends in its own way.

use super::byte_class::{Class, class};
use super::gap::end_of_gap;
use super::token::end_of_word;

/// How far the words of a statement lead: psqlscan.l, identifiers, and COPY.
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
    /// No word says anything any more.
    Any,
}

impl Words {
    /// The words so far and one more; the first one may begin the statement.
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

/// Depth of BEGIN behind a word of a routine that stands in no parenthesis: END ends a CASE as well.
pub(super) fn begin_depth_after(depth: usize, word: &[u8]) -> usize {
    if is_word(word, b"begin") || depth > 0 && is_word(word, b"case") {
        depth + 1
    } else if is_word(word, b"end") {
        depth.saturating_sub(1)
    } else {
        depth
    }
}

/// Is the token behind the FROM of a COPY the word STDIN? STDOUT reads from the same place (gram.y,
/// `copy_file_name`).
pub(super) fn is_stdin(text: &[u8], at: usize) -> bool {
    end_of_gap(text, at).is_some_and(|next| {
        let word = &text[next..end_of_word(text, next)];
        is_word(word, b"stdin") || is_word(word, b"stdout")
    })
}

/// Is text[at] behind a dot? Then it is the name of a column or a table, be it a keyword.
pub(super) fn is_behind_dot(text: &[u8], at: usize) -> bool {
    let before = text[..at].iter().rev();
    before
        .copied()
        .find(|&byte| class(byte) != Class::Space)
        .is_some_and(|byte| byte == b'.')
}

/// Is it this word, in letters of any case?
pub(super) fn is_word(bytes: &[u8], word: &[u8]) -> bool {
    bytes.eq_ignore_ascii_case(word)
}

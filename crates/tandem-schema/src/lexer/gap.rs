//! The gaps between tokens, and the ends of lines.

use super::byte_class::{Class, class};

/// The end of the line that contains `at`: the offset of its CR or LF, or the end of the text.
pub(super) fn end_of_line(text: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |length| at + length)
}

/// The offset after the end of the line that contains `at`; CR LF is one line ending.
pub(super) fn next_line(text: &[u8], at: usize) -> usize {
    let end = end_of_line(text, at);
    match text[end..] {
        [] => end,
        [b'\r', b'\n', ..] => end + 2,
        [..] => end + 1,
    }
}

pub(super) fn begins_line_comment(text: &[u8], at: usize) -> bool {
    text[at..].starts_with(b"--")
}

pub(super) fn begins_block_comment(text: &[u8], at: usize) -> bool {
    text[at..].starts_with(b"/*")
}

/// The offset after the comment that begins at `at`, including nested comments; None if it is not closed.
pub(super) fn end_of_block_comment(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 1_usize;
    let mut p = at + 2;
    loop {
        p += memchr::memchr2(b'*', b'/', text.get(p..)?)?;
        if text[p..].starts_with(b"*/") {
            p += 2;
            depth -= 1;
            if depth == 0 {
                return Some(p);
            }
        } else if begins_block_comment(text, p) {
            p += 2;
            depth += 1;
        } else {
            p += 1;
        }
    }
}

/// The offset of the next token after spaces and comments; None if a comment is not closed.
pub(crate) fn end_of_gap(text: &[u8], at: usize) -> Option<usize> {
    let mut p = at;
    while p < text.len() {
        if class(text[p]) == Class::Space {
            p += 1;
        } else if begins_line_comment(text, p) {
            p = end_of_line(text, p);
        } else if begins_block_comment(text, p) {
            p = end_of_block_comment(text, p)?;
        } else {
            break;
        }
    }
    Some(p)
}

//! Backslash commands (psqlscanslash.l).

use super::byte_class::{Class, class, in_word};
use super::statement_words::is_word;
use super::token::end_of_word;

/// Commands that take the whole line, including backslashes (command.c, `OT_WHOLE_LINE`).
const WHOLE_LINE: [&[u8]; 10] = [
    b"!", b"copy", b"ef", b"ev", b"h", b"help", b"sf", b"sf+", b"sv", b"sv+",
];
/// Commands with an argument that takes the rest of the line if it begins with a vertical bar
/// (`OT_FILEPIPE`).
const TO_PIPE: [&[u8]; 6] = [b"g", b"gx", b"o", b"out", b"w", b"write"];
/// Commands that send the statement collected so far, or discard it: the statement ends before them
/// (`PSQL_CMD_SEND`, \r, \watch).
const ENDING: [&[u8]; 18] = [
    b"g",
    b"gx",
    b"gset",
    b"gexec",
    b"gdesc",
    b"crosstabview",
    b"watch",
    b"r",
    b"reset",
    b"parse",
    b"close_prepared",
    b"startpipeline",
    b"sendpipeline",
    b"syncpipeline",
    b"endpipeline",
    b"flush",
    b"flushrequest",
    b"getresults",
];

/// A backslash command.
pub(super) struct PsqlCommand {
    /// The offset after the backslash and the word.
    pub(super) word_end: usize,
    /// The offset after the command: the end of its line, after a `\\`, or at the backslash of the next
    /// command.
    pub(super) end: usize,
    /// Whether an unfinished statement ends before it.
    pub(super) ends: bool,
    /// \copy ... from stdin: lines of data follow.
    pub(super) copies_in: bool,
}

/// Reads the command whose backslash is at `at`. `line` is the text up to the end of its line. A line may
/// contain as many commands as it has bytes, so its end is not searched for here.
pub(super) fn read_psql_command(line: &[u8], at: usize) -> PsqlCommand {
    let word_end = line[at + 1..]
        .iter()
        .position(|&byte| matches!(class(byte), Class::Space | Class::Backslash))
        .map_or(line.len(), |length| at + 1 + length);
    let word = &line[at + 1..word_end];
    let end = if word.is_empty() || WHOLE_LINE.contains(&word) {
        line.len()
    } else {
        end_of_arguments(line, word_end, TO_PIPE.contains(&word))
    };
    PsqlCommand {
        word_end,
        end,
        ends: ENDING.contains(&word),
        copies_in: word == b"copy" && is_copy_from_stdin(line, word_end),
    }
}

fn end_of_arguments(line: &[u8], at: usize, to_pipe: bool) -> usize {
    let mut p = at;
    while let Some(&byte) = line.get(p) {
        match byte {
            b'\\' if line.get(p + 1) == Some(&b'\\') => return p + 2,
            b'\\' => return p,
            b'\'' | b'"' | b'`' => p = behind_argument_quote(line, p),
            b'|' if to_pipe && class(line[p - 1]) == Class::Space => return line.len(),
            _ => p += 1,
        }
    }
    line.len()
}

/// The offset after a quote in an argument. Only '...' supports backslash escapes; the end of the line ends
/// every quote.
fn behind_argument_quote(line: &[u8], at: usize) -> usize {
    let quote = line[at];
    let mut p = at + 1;
    while let Some(&byte) = line.get(p) {
        p += 1;
        if byte == quote {
            return p;
        }
        if byte == b'\\' && quote == b'\'' {
            p += 1;
        }
    }
    line.len()
}

/// The first FROM or TO outside of quotes and parentheses determines the direction (copy.c,
/// `parse_slash_copy`).
fn is_copy_from_stdin(line: &[u8], at: usize) -> bool {
    let mut depth = 0_i64;
    let mut is_from = false;
    let mut p = at;
    while let Some(&byte) = line.get(p) {
        let begun = p;
        match byte {
            b'\'' | b'"' => p = behind_argument_quote(line, p),
            _ if in_word(byte) => p = end_of_word(line, p),
            _ => {
                p += 1;
                match class(byte) {
                    Class::Space => continue,
                    Class::Open => depth += 1,
                    Class::Close => depth -= 1,
                    _ => {}
                }
            }
        }
        let token = &line[begun..p];
        if is_from {
            return is_word(token, b"stdin") || is_word(token, b"stdout");
        }
        if depth > 0 {
            continue;
        }
        if is_word(token, b"to") {
            return false;
        }
        is_from = is_word(token, b"from");
    }
    false
}

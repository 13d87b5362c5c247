//! Finds errors in a text.

use super::open::Open;
use super::sql_lexer::{Found, SqlLexer};
use crate::error_codes;
use std::ops::Range;
use tandem_common::Fault;
use tandem_common::limits::PSQL_LINES_TOLD;

/// The number of bytes of a command or delimiter that a message shows.
const MAX_SHOWN: usize = 64;

/// Appends every finding of a text that is UTF-8 and contains no NUL, in the order of their offsets. The
/// caller adds lines and columns. `visit` receives every statement that is not between `\if` and `\endif`.
pub fn check(text: &[u8], findings: &mut Vec<Fault>, mut visit: impl FnMut(Range<usize>)) {
    let begun = findings.len();
    let mut conditions = 0_usize;
    let mut psql_lines = 0_usize;
    let mut first_untold = 0;
    let mut lexer = SqlLexer::new(text);
    loop {
        match lexer.next() {
            Found::Command | Found::Forced => {
                let word = &text[lexer.start..lexer.word_end];
                match word {
                    b"\\if" => conditions += 1,
                    b"\\endif" => conditions = conditions.saturating_sub(1),
                    _ => {}
                }
                if psql_lines < PSQL_LINES_TOLD {
                    let fault = Fault::at(error_codes::SQL_PSQL_LINE, lexer.start as u64);
                    findings.push(fault.with("command", shown(word)));
                } else if psql_lines == PSQL_LINES_TOLD {
                    first_untold = lexer.start as u64;
                }
                psql_lines += 1;
            }
            Found::Statement if conditions == 0 => visit(lexer.start..lexer.end),
            Found::Statement | Found::Copy => {}
            Found::End => break,
        }
    }
    if psql_lines > PSQL_LINES_TOLD {
        let count = (psql_lines - PSQL_LINES_TOLD).to_string();
        let fault = Fault::at(error_codes::SQL_MORE_PSQL_LINES, first_untold);
        findings.push(fault.with("count", count));
    }
    findings.extend(lexer.open.map(open_finding));
    // A statement that is left open begins before the commands inside it.
    findings[begun..].sort_by_key(|fault| fault.offset);
}

fn open_finding(open: Open) -> Fault {
    let (code, at) = match open {
        Open::Comment(at) => (error_codes::SQL_OPEN_COMMENT, at),
        Open::Statement(at) => (error_codes::SQL_OPEN_STATEMENT, at),
        Open::Parenthesis(at) => (error_codes::SQL_OPEN_PARENTHESIS, at),
        Open::Copy(at) => (error_codes::SQL_OPEN_COPY, at),
        Open::Quote { what, at, close } => {
            let fault = Fault::at(error_codes::SQL_OPEN_QUOTE, at as u64);
            return fault.with("what", what).with("close", shown(close));
        }
    };
    Fault::at(code, at as u64)
}

/// Truncates long texts between two characters.
fn shown(bytes: &[u8]) -> String {
    if bytes.len() <= MAX_SHOWN {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut end = MAX_SHOWN;
    while end > 0 && bytes[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    format!("{}...", String::from_utf8_lossy(&bytes[..end]))
}

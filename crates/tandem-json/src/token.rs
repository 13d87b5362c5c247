//! The tokens of JSON, and the faults of incomplete ones.
#![expect(clippy::inline_always, reason = "measured: 7 % of a scan")]

use crate::error_codes;
use tandem_common::ErrorCode;

use crate::tape::kind;
use crate::window::{Window, byte_at, digits, plain_end, window_at};
use tandem_common::memory::OutOfMemory;

/// Where a text stops being JSON, and why. The offset counts bytes from the start of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanFault {
    pub code: ErrorCode,
    pub offset: usize,
    pub expected: Option<&'static str>,
    /// The byte that is there instead.
    pub found: Option<u8>,
}

const CLOSING_QUOTE: &str = "the closing quote";
const DIGIT: &str = "a digit";

impl ScanFault {
    #[must_use]
    pub fn bare(code: ErrorCode, offset: usize) -> Self {
        Self {
            code,
            offset,
            expected: None,
            found: None,
        }
    }
}

impl From<OutOfMemory> for ScanFault {
    fn from(_: OutOfMemory) -> Self {
        Self::bare(tandem_common::error_codes::OUT_OF_MEMORY, 0)
    }
}

/// The offset of the closing quote, and the kind of the string: with or without escapes.
#[inline(always)]
pub fn string_end(bytes: &[u8], start: usize) -> Result<(usize, u32), ScanFault> {
    let end = plain_end(bytes, start);
    if byte_at(bytes, end) == b'"' {
        return Ok((end, kind::STRING));
    }
    Ok((escaped_end(bytes, end)?, kind::ESCAPED))
}

#[inline(never)]
fn escaped_end(bytes: &[u8], mut at: usize) -> Result<usize, ScanFault> {
    loop {
        match bytes.get(at) {
            None => return Err(unexpected(bytes, at, CLOSING_QUOTE)),
            Some(b'"') => return Ok(at),
            Some(b'\\') => at = escape_end(bytes, at)?,
            Some(&control) => {
                return Err(ScanFault {
                    found: Some(control),
                    ..ScanFault::bare(error_codes::JSON_CONTROL, at)
                });
            }
        }
        at = plain_end(bytes, at);
    }
}

fn escape_end(bytes: &[u8], backslash: usize) -> Result<usize, ScanFault> {
    let letter = backslash + 1;
    let digits = match bytes.get(letter) {
        Some(b'u') => letter + 1..letter + 5,
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => return Ok(letter + 1),
        Some(_) => return Err(ScanFault::bare(error_codes::JSON_ESCAPE, backslash)),
        None => return Err(unexpected(bytes, letter, CLOSING_QUOTE)),
    };
    for at in digits.clone() {
        match bytes.get(at) {
            Some(byte) if byte.is_ascii_hexdigit() => {}
            Some(_) => return Err(ScanFault::bare(error_codes::JSON_ESCAPE, backslash)),
            None => return Err(unexpected(bytes, at, CLOSING_QUOTE)),
        }
    }
    Ok(digits.end)
}

/// The end of the number that begins at `start`.
#[inline(always)]
pub fn number_end(bytes: &[u8], start: usize) -> Result<usize, ScanFault> {
    match window_at(bytes, start).and_then(short_number) {
        Some(length) => Ok(start + length),
        None => long_number_end(bytes, start),
    }
}

/// The length of a valid number without exponent that ends inside the window. `long_number_end` handles all
/// others.
#[inline(always)]
fn short_number(window: &Window) -> Option<usize> {
    let digits = digits(window);
    let sign = usize::from(window[0] == b'-');
    let whole = (digits >> sign).trailing_ones() as usize;
    let mut end = sign + whole;
    if whole == 0 || (whole > 1 && window[sign] == b'0') {
        return None;
    }
    if *window.get(end)? == b'.' {
        let fraction = (digits >> (end + 1)).trailing_ones() as usize;
        if fraction == 0 {
            return None;
        }
        end += 1 + fraction;
    }
    (*window.get(end)? | 0x20 != b'e').then_some(end)
}

#[inline(never)]
fn long_number_end(bytes: &[u8], start: usize) -> Result<usize, ScanFault> {
    let mut at = start + usize::from(byte_at(bytes, start) == b'-');
    at = if byte_at(bytes, at) == b'0' {
        at + 1
    } else {
        some_digits(bytes, at)?
    };
    if byte_at(bytes, at) == b'.' {
        at = some_digits(bytes, at + 1)?;
    }
    if byte_at(bytes, at) | 0x20 == b'e' {
        at += 1;
        at += usize::from(matches!(byte_at(bytes, at), b'+' | b'-'));
        at = some_digits(bytes, at)?;
    }
    Ok(at)
}

#[inline(always)]
fn some_digits(bytes: &[u8], at: usize) -> Result<usize, ScanFault> {
    let rest = bytes.get(at..).unwrap_or(&[]);
    let is_other = |byte: &u8| !byte.is_ascii_digit();
    match rest.iter().position(is_other).unwrap_or(rest.len()) {
        0 => Err(unexpected(bytes, at, DIGIT)),
        length => Ok(at + length),
    }
}

/// The end of the literal that must begin at `start`. `quoted` is the literal in quotes, as messages show it.
#[inline(always)]
pub fn literal_end(bytes: &[u8], start: usize, quoted: &'static str) -> Result<usize, ScanFault> {
    let mut at = start;
    for wanted in quoted.bytes().filter(|byte| *byte != b'\'') {
        if byte_at(bytes, at) != wanted {
            return Err(unexpected(bytes, at, quoted));
        }
        at += 1;
    }
    Ok(at)
}

#[cold]
#[must_use]
pub fn unexpected(bytes: &[u8], at: usize, expected: &'static str) -> ScanFault {
    let found = bytes.get(at).copied();
    let code = if found.is_some() {
        error_codes::JSON_SYNTAX
    } else {
        error_codes::JSON_TRUNCATED
    };
    ScanFault {
        expected: Some(expected),
        found,
        ..ScanFault::bare(code, at.min(bytes.len()))
    }
}

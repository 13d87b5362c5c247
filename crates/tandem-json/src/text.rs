//! Decodes the escapes of JSON strings to WTF-8.

use tandem_common::memory::OutOfMemory;

/// The decoded content of a string with escapes, byte by byte, as WTF-8. The scanner has checked the escapes.
#[derive(Clone)]
pub struct Unescaped<'a> {
    raw: &'a [u8],
    escaped: bool,
    /// The bytes of the last escape; those from `next` to `length` are still to be returned.
    pending: [u8; 4],
    next: u8,
    length: u8,
}

impl<'a> Unescaped<'a> {
    #[must_use]
    pub fn new(raw: &'a [u8], escaped: bool) -> Self {
        Self {
            raw,
            escaped,
            pending: [0; 4],
            next: 0,
            length: 0,
        }
    }
}

impl Iterator for Unescaped<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.next < self.length {
            let byte = self.pending[usize::from(self.next)];
            self.next += 1;
            return Some(byte);
        }
        let (&byte, rest) = self.raw.split_first()?;
        if byte != b'\\' || !self.escaped {
            self.raw = rest;
            return Some(byte);
        }
        let (code, rest) = read_escape(rest);
        self.raw = rest;
        let length = encode(code, &mut self.pending);
        self.length = u8::try_from(length).unwrap_or(0);
        self.next = 1;
        Some(self.pending[0])
    }
}

/// The decoded content of a string with escapes, as WTF-8. It is never longer than `raw`.
pub fn unescape(raw: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    let mut out = Vec::new();
    out.try_reserve_exact(raw.len())?;
    unescape_onto(&mut out, raw)?;
    Ok(out)
}

/// Appends the decoded content of a string with escapes, as WTF-8: a surrogate pair becomes one character.
pub fn unescape_onto(out: &mut Vec<u8>, raw: &[u8]) -> Result<(), OutOfMemory> {
    out.try_reserve(raw.len())?;
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (plain, escape) = rest.split_at(at);
        out.extend_from_slice(plain);
        let (code, after) = read_escape(&escape[1..]);
        let mut bytes = [0; 4];
        let length = encode(code, &mut bytes);
        out.extend_from_slice(&bytes[..length]);
        rest = after;
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// The code point of the escape whose backslash precedes `rest`, and the text after the escape.
fn read_escape(rest: &[u8]) -> (u32, &[u8]) {
    let Some((&letter, rest)) = rest.split_first() else {
        return (u32::from(b'\\'), rest);
    };
    let simple = match letter {
        b'u' => {
            let (unit, rest) = read_unit(rest);
            return complete_pair(unit, rest);
        }
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'f' => 12,
        b'r' => 13,
        other => other,
    };
    (u32::from(simple), rest)
}

fn complete_pair(unit: u32, rest: &[u8]) -> (u32, &[u8]) {
    if (0xd800..0xdc00).contains(&unit)
        && let Some(digits) = rest.strip_prefix(b"\\u")
    {
        let (low, after) = read_unit(digits);
        if (0xdc00..0xe000).contains(&low) {
            return (0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), after);
        }
    }
    (unit, rest)
}

fn read_unit(rest: &[u8]) -> (u32, &[u8]) {
    let (digits, after) = rest.split_at(rest.len().min(4));
    let unit = digits.iter().fold(0, |unit, &digit| {
        let value = char::from(digit).to_digit(16).unwrap_or(0);
        unit << 4 | value
    });
    (unit, after)
}

/// Encodes a code point as UTF-8, and a surrogate as its three bytes in WTF-8; returns the number of bytes.
fn encode(code: u32, bytes: &mut [u8; 4]) -> usize {
    if let Some(character) = char::from_u32(code) {
        return character.encode_utf8(bytes).len();
    }
    let low = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
    *bytes = [0xed, low(6), low(0), 0];
    3
}

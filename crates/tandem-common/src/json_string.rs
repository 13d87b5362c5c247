//! Text as a JSON string.

use crate::memory::OutOfMemory;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The UTF-16 unit of a surrogate that is encoded in the first three bytes of `bytes`.
#[must_use]
pub fn surrogate(bytes: &[u8]) -> Option<u16> {
    match bytes {
        [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..] => {
            Some(0xd000 | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f))
        }
        _ => None,
    }
}

/// Appends WTF-8 as a JSON string with the escapes of `spec/sidecar/reports.md`.
pub fn write_string(out: &mut Vec<u8>, text: &[u8]) -> Result<(), OutOfMemory> {
    out.try_reserve(text.len() + 2)?;
    out.push(b'"');
    let mut plain = 0;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let unit = if byte == 0xed {
            surrogate(&text[at..])
        } else {
            None
        };
        if unit.is_none() && (byte >= 0x20 && byte != b'"' && byte != b'\\') {
            at += 1;
            continue;
        }
        out.try_reserve(text.len() - plain + 8)?;
        out.extend_from_slice(&text[plain..at]);
        match unit {
            Some(unit) => push_unit(out, unit),
            None => push_escape(out, byte),
        }
        at += if unit.is_some() { 3 } else { 1 };
        plain = at;
    }
    out.try_reserve(text.len() - plain + 1)?;
    out.extend_from_slice(&text[plain..]);
    out.push(b'"');
    Ok(())
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        8 => b'b',
        9 => b't',
        10 => b'n',
        12 => b'f',
        13 => b'r',
        _ => return push_unit(out, u16::from(byte)),
    };
    out.extend_from_slice(&[b'\\', letter]);
}

fn push_unit(out: &mut Vec<u8>, unit: u16) {
    let digit = |shift: u16| HEX[usize::from(unit >> shift & 15)];
    out.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

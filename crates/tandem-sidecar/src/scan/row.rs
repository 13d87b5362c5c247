//! Rows as JSON bytes, by the rules of `spec/sidecar/reports.md`.

use std::time::Duration;
use tandem_common::base64;
use tandem_common::json_string::write_string;

/// The rows of one batch.
pub(crate) struct Rows {
    pub bytes: Vec<u8>,
    separator: String,
}

impl Rows {
    pub(crate) fn new(separator: String) -> Self {
        Self {
            bytes: Vec::new(),
            separator,
        }
    }

    /// The buffer to which the next row is to be appended.
    pub(crate) fn next(&mut self) -> &mut Vec<u8> {
        if !self.bytes.is_empty() {
            self.bytes.extend_from_slice(self.separator.as_bytes());
        }
        &mut self.bytes
    }

    /// Returns the rows, and allocates the next buffer with their size and an eighth more.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let size = self.bytes.len();
        std::mem::replace(&mut self.bytes, Vec::with_capacity(size + size / 8))
    }
}

/// Whether bytes need no escapes in a JSON string.
fn is_plain(text: &[u8]) -> bool {
    text.iter()
        .all(|byte| matches!(byte, 0x20..=0x7f) && *byte != b'"' && *byte != b'\\')
}

/// Writes WTF-8 as a JSON string.
pub(crate) fn string(out: &mut Vec<u8>, text: &[u8]) {
    if is_plain(text) {
        out.push(b'"');
        out.extend_from_slice(text);
        out.push(b'"');
        return;
    }
    // A panic is an engine error and not an abort: the other engine repeats the batch.
    assert!(write_string(out, text).is_ok(), "out of memory in a row");
}

/// Writes bytes that may not be UTF-8 as a JSON string, with U+FFFD for each maximal ill-formed part.
pub(crate) fn lossy(out: &mut Vec<u8>, raw: &[u8]) {
    string(out, String::from_utf8_lossy(raw).as_bytes());
}

pub(crate) fn number(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0_u8; 20];
    let mut place = digits.len();
    loop {
        place -= 1;
        digits[place] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[place..]);
}

pub(crate) fn boolean(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// Writes seconds with six decimals.
pub(crate) fn seconds(out: &mut Vec<u8>, took: Duration) {
    number(out, took.as_secs());
    out.push(b'.');
    let micros = took.subsec_micros();
    let digits = [100_000, 10_000, 1000, 100, 10, 1].map(|unit| b'0' + (micros / unit % 10) as u8);
    out.extend_from_slice(&digits);
}

/// Writes `"name":"shown"`, and `"name_bytes":"base64"` after it if the path cannot be shown completely.
pub(crate) fn path(out: &mut Vec<u8>, name: &str, shown: &Shown<'_>) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    shown.write(out);
    if let Some(coded) = shown.bytes() {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"_bytes\":\"");
        out.extend_from_slice(coded.as_bytes());
        out.push(b'"');
    }
}

/// A folder's path as the prefix of the names in it; made once per folder.
pub(crate) struct Prefix {
    /// The raw path with a trailing slash, or empty.
    pub raw: Vec<u8>,
    /// The same, escaped for use inside a JSON string.
    escaped: Vec<u8>,
    /// Whether the path can be shown completely.
    is_whole: bool,
}

impl Prefix {
    pub(crate) fn new(folder: &[u8]) -> Self {
        let mut raw = folder.to_vec();
        if !raw.is_empty() && !raw.ends_with(b"/") {
            raw.push(b'/');
        }
        let mut escaped = Vec::new();
        lossy(&mut escaped, &raw);
        let escaped = escaped[1..escaped.len() - 1].to_vec();
        let is_whole = std::str::from_utf8(&raw).is_ok();
        Self {
            raw,
            escaped,
            is_whole,
        }
    }
}

/// A path as a row shows it. No ill-formed part extends across the slash, which is ASCII, so the two parts
/// can be converted separately.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub prefix: &'a Prefix,
    pub name: &'a [u8],
}

impl Shown<'_> {
    /// Writes the path as a JSON string.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        out.extend_from_slice(&self.prefix.escaped);
        if is_plain(self.name) {
            out.extend_from_slice(self.name);
            out.push(b'"');
            return;
        }
        let mut name = Vec::new();
        lossy(&mut name, self.name);
        // The name was written with its quotes; the closing one also ends the path.
        out.extend_from_slice(&name[1..]);
    }

    pub(crate) fn raw(&self) -> Vec<u8> {
        [self.prefix.raw.as_slice(), self.name].concat()
    }

    /// The raw path in base64, if it cannot be shown completely.
    pub(crate) fn bytes(&self) -> Option<String> {
        let is_whole = is_plain(self.name) || std::str::from_utf8(self.name).is_ok();
        (!self.prefix.is_whole || !is_whole).then(|| base64::encode(&self.raw()))
    }
}

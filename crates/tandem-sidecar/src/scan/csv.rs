//! Fields of csv: RFC 4180 with CRLF; null is empty.

use super::row::Shown;

/// Writes fields one by one; the first of a row has no comma before it.
pub(crate) struct Fields<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, first: true }
    }

    /// Writes WTF-8. csv has no escapes, so a lone surrogate becomes U+FFFD.
    pub(crate) fn text(&mut self, text: Option<&[u8]>) {
        self.comma();
        let Some(text) = text else { return };
        let quoted = text
            .iter()
            .any(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n'));
        if !quoted {
            return push_utf8(self.out, text);
        }
        self.out.push(b'"');
        for (place, part) in text.split(|byte| *byte == b'"').enumerate() {
            self.out
                .extend_from_slice(if place > 0 { b"\"\"" } else { b"" });
            push_utf8(self.out, part);
        }
        self.out.push(b'"');
    }

    /// Writes a path, and a second field with its bytes in base64 if the path cannot be shown completely.
    pub(crate) fn path(&mut self, path: &Shown<'_>) {
        self.shown(Some(path));
        self.text(path.bytes().as_deref().map(str::as_bytes));
    }

    pub(crate) fn shown(&mut self, path: Option<&Shown<'_>>) {
        let text = path.map(|path| String::from_utf8_lossy(&path.raw()).into_owned());
        self.text(text.as_deref().map(str::as_bytes));
    }

    pub(crate) fn count(&mut self, value: Option<u64>) {
        let digits = value.map(|value| value.to_string());
        self.text(digits.as_deref().map(str::as_bytes));
    }

    pub(crate) fn boolean(&mut self, value: Option<bool>) {
        self.text(value.map(|value| if value { b"true".as_slice() } else { b"false" }));
    }

    fn comma(&mut self) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
    }
}

fn push_utf8(out: &mut Vec<u8>, text: &[u8]) {
    let mut rest = text;
    while let Err(error) = std::str::from_utf8(rest) {
        let (plain, bad) = rest.split_at(error.valid_up_to());
        out.extend_from_slice(plain);
        out.extend_from_slice("\u{fffd}".as_bytes());
        // In WTF-8 only surrogates are ill-formed, and each has three bytes.
        rest = bad.get(3..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_needs_quotes() {
        let mut out = Vec::new();
        let mut fields = Fields::new(&mut out);
        let texts: [Option<&[u8]>; 6] = [
            Some(b"plain"),
            None,
            Some(b"a,b"),
            Some(b"say \"hi\"\r\n"),
            Some(b"\xed\xa0\x80!"),
            Some(b""),
        ];
        for text in texts {
            fields.text(text);
        }
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "plain,,\"a,b\",\"say \"\"hi\"\"\r\n\",\u{fffd}!,"
        );
    }
}

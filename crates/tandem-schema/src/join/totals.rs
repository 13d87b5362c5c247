//! The totals of a batch as JSON: `spec/schema/join.md`, "Totals".

use crate::definitions::Definition;
use tandem_common::json_string::write_string;
use tandem_common::{Fault, hex};

#[derive(Default)]
pub(super) struct Totals {
    files: Vec<u8>,
    digests: Vec<u8>,
    needs: Vec<u8>,
    definitions: Vec<u8>,
    findings: Vec<u8>,
}

impl Totals {
    /// `lines` is the number of lines that the file adds after its separator, `rows` the number of all bytes
    /// that it adds.
    pub(super) fn file(&mut self, bytes: usize, lines: usize, rows: usize) {
        comma(&mut self.files);
        self.files
            .extend_from_slice(format!("{bytes},{lines},{rows}").as_bytes());
    }

    pub(super) fn digest(&mut self, digest: &[u8]) {
        comma(&mut self.digests);
        self.digests.push(b'"');
        self.digests.extend_from_slice(hex(digest).as_bytes());
        self.digests.push(b'"');
    }

    /// Adds a file that may declare what it requires.
    pub(super) fn need(&mut self, file: usize) {
        comma(&mut self.needs);
        self.needs.extend_from_slice(file.to_string().as_bytes());
    }

    /// Adds what the statement at `offset` creates.
    pub(super) fn definition(&mut self, file: usize, offset: usize, definition: &Definition) {
        let Definition {
            how,
            kind,
            schema,
            name,
            detail,
        } = definition;
        let out = &mut self.definitions;
        comma(out);
        out.extend_from_slice(format!("{file},{offset},\"{how}\",\"{kind}\"").as_bytes());
        for text in [schema, name, detail] {
            out.push(b',');
            string(out, text);
        }
    }

    pub(super) fn finding(&mut self, file: usize, fault: &Fault) {
        let out = &mut self.findings;
        comma(out);
        out.extend_from_slice(
            format!("{{\"file\":{file},\"code\":\"{}\"", fault.code.code()).as_bytes(),
        );
        for (name, place) in [
            ("offset", fault.offset),
            ("line", fault.line),
            ("column", fault.column),
        ] {
            let place = place.map_or_else(|| "null".into(), |place| place.to_string());
            out.extend_from_slice(format!(",\"{name}\":{place}").as_bytes());
        }
        out.extend_from_slice(b",\"params\":{");
        for (index, (name, value)) in fault.params().iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            string(out, name);
            out.push(b':');
            string(out, value);
        }
        out.extend_from_slice(b"}}");
    }

    pub(super) fn take(&mut self) -> String {
        let mut json = b"{\"files\":[".to_vec();
        json.append(&mut self.files);
        json.extend_from_slice(b"],\"digests\":[");
        json.append(&mut self.digests);
        json.extend_from_slice(b"],\"needs\":[");
        json.append(&mut self.needs);
        json.extend_from_slice(b"],\"definitions\":[");
        json.append(&mut self.definitions);
        json.extend_from_slice(b"],\"findings\":[");
        json.append(&mut self.findings);
        json.extend_from_slice(b"]}");
        String::from_utf8_lossy(&json).into_owned()
    }
}

fn comma(out: &mut Vec<u8>) {
    if !out.is_empty() {
        out.push(b',');
    }
}

/// Appends a name or value of a few bytes; if even they cannot be allocated, it is empty.
fn string(out: &mut Vec<u8>, text: &str) {
    if write_string(out, text.as_bytes()).is_err() {
        out.extend_from_slice(b"\"\"");
    }
}

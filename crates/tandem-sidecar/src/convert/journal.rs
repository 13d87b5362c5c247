//! The rows of batches, written ahead of what cannot be undone: `spec/sidecar/convert.md`, "Lock and journal".

use super::batch::Batch;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use tandem_common::durable::{Steps, What};
use tandem_common::path::with_path;

enum At {
    /// Nothing is written before the first batch.
    Closed,
    Open(File),
    /// It could not be written, as on a full disk: then nothing is any more, and the run goes on. Rows depend on the journal if the
    /// engine fails later, documents never do.
    Broken,
}

pub(super) struct Journal {
    path: Vec<u8>,
    steps: Steps,
    at: At,
    line: Vec<u8>,
}

impl Journal {
    /// `path` is empty where there is none.
    pub(super) fn new(path: Vec<u8>, steps: Steps) -> Self {
        let at = if path.is_empty() {
            At::Broken
        } else {
            At::Closed
        };
        Self {
            path,
            steps,
            at,
            line: Vec::new(),
        }
    }

    /// A later line of the same batch takes the place of the earlier one.
    pub(super) fn write(&mut self, batch: &Batch, separator: usize) {
        if matches!(self.at, At::Broken) {
            return;
        }
        self.line.clear();
        self.fill(batch, separator);
        if self.append().is_err() {
            self.at = At::Broken;
        }
    }

    fn fill(&mut self, batch: &Batch, separator: usize) {
        let Batch {
            number,
            cursor,
            bytes,
            rows,
            ..
        } = batch;
        let totals = &rows.totals;
        let head = format!(
            "{{\"batch\":{number},\"cursor\":\"{cursor}\",\"totals\":{totals},\"bytes\":{bytes},\"rows\":["
        );
        self.line.reserve(head.len() + rows.bytes.len() + 3);
        self.line.extend_from_slice(head.as_bytes());
        let mut start = 0;
        for end in &rows.ends {
            if start > 0 {
                self.line.push(b',');
            }
            self.line.extend_from_slice(&rows.bytes[start..*end]);
            start = end + separator;
        }
        self.line.extend_from_slice(b"]}\n");
    }

    fn append(&mut self) -> io::Result<()> {
        if matches!(self.at, At::Closed) {
            let step = self.steps.begin(What::Append, b"", &self.path)?;
            let mut file = with_path(&self.path, |path| {
                OpenOptions::new()
                    .read(true)
                    .append(true)
                    .create(true)
                    .open(path)
            })?;
            drop(step);
            // An engine that failed may have left a line without its end: it is ended, and does not count for what it says.
            if is_cut(&mut file)? {
                let _step = self.steps.begin(What::Write, b"", &self.path)?;
                file.write_all(b"\n")?;
            }
            self.at = At::Open(file);
        }
        if let At::Open(file) = &mut self.at {
            let _step = self.steps.begin(What::Write, b"", &self.path)?;
            file.write_all(&self.line)?;
        }
        Ok(())
    }
}

fn is_cut(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

//! Changes that a test can make to a file while it is read.

use crate::path::with_path;
use std::fs::File;
use std::io::{self, Seek, Write};

/// Changes every file right before one of its reads, as another program would.
#[derive(Clone, Debug)]
pub struct Meanwhile {
    change: Change,
    before_read: u32,
    /// The path of the current file.
    pub(super) path: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    /// Appends a byte.
    Append,
    /// Empties the file.
    Empty,
    /// Changes the first byte.
    Overwrite,
}

impl Meanwhile {
    /// `append:1` appends a byte before read 1 of a file, counted from 0; `empty:1` and `overwrite:1`
    /// likewise. None for anything else.
    #[must_use]
    pub fn instrument(text: &str) -> Option<Self> {
        let (change, number) = text.split_once(':')?;
        let change = match change {
            "append" => Change::Append,
            "empty" => Change::Empty,
            "overwrite" => Change::Overwrite,
            _ => return None,
        };
        Some(Self {
            change,
            before_read: number.parse().ok()?,
            path: Vec::new(),
        })
    }

    pub(super) fn before(&self, read: u32) {
        if read == self.before_read {
            // An error is ignored: the test fails when it sees no change.
            let _ = with_path(&self.path, |path| {
                let mut file = File::options().write(true).open(path)?;
                match self.change {
                    Change::Append => {
                        file.seek(io::SeekFrom::End(0))?;
                        file.write_all(b" ")
                    }
                    Change::Empty => file.set_len(0),
                    Change::Overwrite => file.write_all(b"-"),
                }
            });
        }
    }
}

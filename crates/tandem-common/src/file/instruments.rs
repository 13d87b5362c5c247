//! What a test can have done to a file while it is read.

use crate::path::with_path;
use std::fs::File;
use std::io::{self, Seek, Write};

/// Changes every file right before one of its reads, as another program would.
#[derive(Clone, Debug)]
pub struct Meanwhile {
    change: Change,
    before_read: u32,
    /// Of the file that is being read.
    pub(super) path: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    /// A byte more.
    Append,
    /// Nothing is left.
    Empty,
    /// The first byte is another one.
    Overwrite,
}

impl Meanwhile {
    /// `append:1` adds a byte before read 1 of a file, counted from 0; `empty:1` and `overwrite:1` do what they say. None for
    /// anything else.
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
            // A test that sees no change fails.
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

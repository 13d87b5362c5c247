//! Files that another program may write while they are read.

use super::{BUFFER_BYTES, Handle, Reader, Stop, Want};
use crate::Fault;
use crate::error_codes;

impl Reader {
    /// Like `fill`, but a file that is large, or takes more than one read, must be the same before and after.
    /// A stat of every file would cost a tenth of reading small ones; instead, an unexpectedly large file is
    /// read again from its start.
    pub(super) fn fill_steady(
        &mut self,
        file: &mut Handle,
        want: Want,
        short_is_end: bool,
    ) -> Result<usize, Stop> {
        if !self.was_large {
            let first = Want {
                head: BUFFER_BYTES,
                unlimited: true,
                ..want
            };
            let filled = self.fill(file, first, short_is_end)?;
            if filled < BUFFER_BYTES && self.was_one_read(filled, short_is_end) {
                self.check_size(filled, want)?;
                return Ok(filled);
            }
        }
        let before = file.status()?;
        if !before.is_file {
            return Err(Stop::Fault(Fault::new(error_codes::NOT_A_FILE)));
        }
        if !self.was_large {
            file.rewind()?;
        }
        let filled = self.fill(file, want, short_is_end)?;
        if file.status()? != before {
            return Err(Stop::Fault(Fault::new(error_codes::CHANGED)));
        }
        self.was_large = filled >= BUFFER_BYTES;
        Ok(filled)
    }

    /// Whether one read returned everything; if a short read does not prove the end, an empty read followed
    /// it.
    fn was_one_read(&self, filled: usize, short_is_end: bool) -> bool {
        let proof = u32::from(!short_is_end && filled > 0);
        self.reads <= 1 + proof
    }
}

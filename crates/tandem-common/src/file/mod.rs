//! Reads whole files cheaply: one buffer for all of them, `stat` only on request, and limits on untrusted
//! input.

#[cfg(any(test, feature = "testing"))]
mod instruments;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;
mod steady;
#[cfg(test)]
mod tests;

use crate::Fault;
use crate::error_codes;
use std::fs::Metadata;
use std::io::{self, ErrorKind};

#[cfg(any(test, feature = "testing"))]
pub use instruments::Meanwhile;
#[cfg(target_os = "linux")]
use linux::Handle;
#[cfg(target_os = "linux")]
pub use linux::{Place, own_descriptors};
#[cfg(not(target_os = "linux"))]
use portable::Handle;
#[cfg(not(target_os = "linux"))]
pub use portable::{Place, own_descriptors};

/// Nearly every sidecar fits; a buffer this large stays within the processor's L2 cache.
const BUFFER_BYTES: usize = 128 * 1024;

/// A buffer that grew beyond this for one large file is freed.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// The result of `fstat`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub size: u64,
    pub device: u64,
    pub inode: u64,
    /// Nanoseconds since 1970, negative before.
    pub modified_ns: i128,
    /// Time of the last change of the content or metadata, times included; no program can set it back. Equals
    /// `modified_ns` if the system does not report it.
    pub changed_ns: i128,
}

/// The facts of an open file.
#[derive(PartialEq, Eq)]
struct Status {
    facts: Facts,
    is_file: bool,
}

/// When the facts of a file are queried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FactsWanted {
    #[default]
    Never,
    /// When `Content::facts` is called, or if the read fails; the file stays open as long as its content is
    /// held.
    Late,
    /// Before the first read.
    First,
}

/// How to read a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Want {
    /// Only this many bytes from the beginning; 0 for all.
    pub head: usize,
    /// When `facts` are queried, which costs a system call.
    pub facts: FactsWanted,
    /// Do not apply the size limit, which is for files that are read whole.
    pub unlimited: bool,
    /// A file that changes between two reads is `CHANGED`; not together with `head`.
    pub steady: bool,
}

pub struct Content<'a> {
    pub bytes: &'a [u8],
    facts: Option<Facts>,
    /// The source of facts that may still be requested.
    file: Option<Handle>,
}

impl Content<'_> {
    /// None if they were not requested, or the system does not report them.
    #[must_use]
    pub fn facts(&self) -> Option<Facts> {
        self.facts.or_else(|| facts_of_open(self.file.as_ref()?))
    }
}

fn facts_of_open(file: &Handle) -> Option<Facts> {
    file.status().ok().map(|status| status.facts)
}

/// Why a file was not read.
#[derive(Debug)]
pub struct Unread {
    pub fault: Fault,
    /// None if they were not requested or the file could not be opened.
    pub facts: Option<Facts>,
}

/// Tapes count bytes in u32.
const MOST_BYTES: u64 = u32::MAX as u64;

pub struct Reader {
    buffer: Vec<u8>,
    max_size: u64,
    /// The last file with a steady check took more than one read.
    was_large: bool,
    /// Reads of this file so far.
    reads: u32,
    #[cfg(any(test, feature = "testing"))]
    meanwhile: Option<Meanwhile>,
}

impl Reader {
    #[must_use]
    pub fn new(max_size: u64) -> Self {
        Self {
            buffer: Vec::new(),
            max_size: max_size.min(MOST_BYTES),
            was_large: false,
            reads: 0,
            #[cfg(any(test, feature = "testing"))]
            meanwhile: None,
        }
    }

    /// A reader for tests, during whose reads every file is changed.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn disturbed(self, meanwhile: Option<Meanwhile>) -> Self {
        Self { meanwhile, ..self }
    }

    /// Reads the file `name` of `place`. `TOO_LARGE` and `OUT_OF_MEMORY` have the file's size as their
    /// parameter.
    pub fn read(
        &mut self,
        place: &mut Place,
        name: &[u8],
        want: Want,
    ) -> Result<Content<'_>, Box<Unread>> {
        if self.buffer.len() > KEPT_BYTES {
            self.buffer = Vec::new();
        }
        if self.buffer.is_empty() {
            self.buffer.resize(BUFFER_BYTES, 0);
        }
        self.reads = 0;
        #[cfg(any(test, feature = "testing"))]
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.path = place.path(name);
        }
        let mut facts = None;
        let mut opened = None;
        let filled = place.open(name).map_err(Stop::System).and_then(|file| {
            let short_is_end = file.short_read_is_the_end();
            self.read_into(opened.insert(file), short_is_end, want, &mut facts)
        });
        let file = opened.filter(|_| want.facts == FactsWanted::Late);
        let fault = match filled {
            Ok(filled) => {
                return Ok(Content {
                    bytes: &self.buffer[..filled],
                    facts,
                    file,
                });
            }
            Err(Stop::Fault(fault)) => fault,
            Err(Stop::System(error)) => fault_of(&error),
        };
        let facts = facts.or_else(|| facts_of_open(file.as_ref()?));
        Err(Box::new(Unread { fault, facts }))
    }

    fn read_into(
        &mut self,
        file: &mut Handle,
        short_is_end: bool,
        want: Want,
        facts: &mut Option<Facts>,
    ) -> Result<usize, Stop> {
        if want.facts == FactsWanted::First {
            let status = file.status()?;
            *facts = Some(status.facts);
            if !status.is_file {
                return Err(Stop::Fault(Fault::new(error_codes::NOT_A_FILE)));
            }
            if !want.unlimited && status.facts.size > self.max_size {
                return Err(self.too_large(status.facts.size));
            }
        }
        let filled = if want.steady {
            self.fill_steady(file, want, short_is_end)?
        } else {
            self.fill(file, want, short_is_end)?
        };
        // Something else may have taken the name since it was listed: a pipe without a writer reads as empty.
        if filled == 0 && want.facts != FactsWanted::First && !file.status()?.is_file {
            return Err(Stop::Fault(Fault::new(error_codes::NOT_A_FILE)));
        }
        Ok(filled)
    }

    /// Reads until the end, or until `head` bytes are read. An empty read proves the end; on file systems
    /// where a short read proves it too, this saves a sixteenth of the time for opening, reading and closing.
    fn fill(&mut self, file: &mut Handle, want: Want, short_is_end: bool) -> Result<usize, Stop> {
        let end = if want.head == 0 {
            usize::MAX
        } else {
            want.head
        };
        let mut filled = 0;
        while filled < end {
            if filled == self.buffer.len() {
                self.grow(file)?;
            }
            let room = self.buffer.len().min(end);
            #[cfg(any(test, feature = "testing"))]
            if let Some(meanwhile) = &self.meanwhile {
                meanwhile.before(self.reads);
            }
            self.reads += 1;
            match file.read(&mut self.buffer[filled..room]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            }
            if short_is_end && filled < room {
                break;
            }
        }
        self.check_size(filled, want)?;
        Ok(filled)
    }

    fn check_size(&self, filled: usize, want: Want) -> Result<(), Stop> {
        if filled as u64 > self.max_size && !want.unlimited {
            return Err(self.too_large(filled as u64));
        }
        Ok(())
    }

    /// Grows the buffer to the size of the file.
    fn grow(&mut self, file: &Handle) -> Result<(), Stop> {
        let size = file.status()?.facts.size.max(self.buffer.len() as u64);
        if size > self.max_size {
            return Err(self.too_large(size));
        }
        // One byte more than the file has, so that the end is detected without growing again. If the file
        // grows while it is read, the buffer grows by at least `BUFFER_BYTES`.
        let wanted = usize::try_from(size)
            .unwrap_or(usize::MAX)
            .saturating_add(1)
            .max(self.buffer.len() + BUFFER_BYTES);
        if self
            .buffer
            .try_reserve_exact(wanted - self.buffer.len())
            .is_err()
        {
            return Err(Stop::Fault(
                Fault::new(error_codes::OUT_OF_MEMORY).with("size", size),
            ));
        }
        self.buffer.resize(wanted, 0);
        Ok(())
    }

    fn too_large(&self, size: u64) -> Stop {
        let fault = Fault::new(error_codes::TOO_LARGE).with("size", size);
        Stop::Fault(fault.with("limit", self.max_size))
    }
}

enum Stop {
    Fault(Fault),
    System(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// The code for an error of the system. The system's message stays out of rows, because it differs between
/// the engines.
fn fault_of(error: &io::Error) -> Fault {
    Fault::new(match error.kind() {
        ErrorKind::NotFound => error_codes::NOT_FOUND,
        // A path that contains a NUL, which was not passed to the system.
        ErrorKind::InvalidInput if error.raw_os_error().is_none() => error_codes::NOT_FOUND,
        ErrorKind::PermissionDenied => error_codes::UNREADABLE,
        ErrorKind::IsADirectory => error_codes::NOT_A_FILE,
        ErrorKind::OutOfMemory => return Fault::new(error_codes::OUT_OF_MEMORY).with("size", 0),
        _ if is_special(error) => error_codes::NOT_A_FILE,
        _ => error_codes::READ_FAILED,
    })
}

/// ENXIO: a socket, or a device without a driver. EAGAIN: a pipe with a writer.
fn is_special(error: &io::Error) -> bool {
    cfg!(unix) && (error.raw_os_error() == Some(6) || error.kind() == ErrorKind::WouldBlock)
}

#[cfg(not(target_os = "linux"))]
fn status_of(metadata: &Metadata) -> Status {
    Status {
        facts: facts_of(metadata),
        is_file: metadata.is_file(),
    }
}

/// The facts of a file from metadata that the caller has.
#[must_use]
pub fn facts_of(metadata: &Metadata) -> Facts {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Facts {
            size: metadata.len(),
            device: metadata.dev(),
            inode: metadata.ino(),
            modified_ns: i128::from(metadata.mtime()) * 1_000_000_000
                + i128::from(metadata.mtime_nsec()),
            changed_ns: i128::from(metadata.ctime()) * 1_000_000_000
                + i128::from(metadata.ctime_nsec()),
        }
    }
    #[cfg(not(unix))]
    {
        let since = metadata
            .modified()
            .unwrap_or(std::time::UNIX_EPOCH)
            .duration_since(std::time::UNIX_EPOCH);
        let nanos = |duration: std::time::Duration| {
            i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX)
        };
        let modified_ns = since.map_or_else(|before| -nanos(before.duration()), nanos);
        Facts {
            size: metadata.len(),
            device: 0,
            inode: 0,
            modified_ns,
            changed_ns: modified_ns,
        }
    }
}

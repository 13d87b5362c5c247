//! Locks as they stand in a folder: `spec/sidecar/locks.md`.

use crate::json::scanner::{Detail, Scanner};
use crate::json::tape::{Tape, kind};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::time::UNIX_EPOCH;
use tandem_common::durable::{Run, RunLife, Runs};
use tandem_common::limits::LOCK_LEASE_MS;
use tandem_common::path::with_path;

/// Where there are no links a lock is there before its line is; a writer that has not got further by then is gone.
const UNWRITTEN_NS: i128 = 60_000_000_000;
const LEASE_NS: i128 = LOCK_LEASE_MS as i128 * 1_000_000;

/// Whose lock it is, as its line says.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub run: Run,
    pub pid: String,
    pub host: String,
    boot: String,
    advisory: bool,
    /// A convert has not come to its end here: sidecars may be there twice.
    pub is_unfinished: bool,
}

/// What stands at a lock's place; without a line what is no lock of ours, or not written to its end.
pub(super) struct Found {
    pub text: Vec<u8>,
    pub line: Option<Line>,
    pub modified_ns: i128,
}

impl Found {
    /// None where nothing is.
    pub(super) fn at(path: &[u8]) -> io::Result<Option<Self>> {
        let opened = with_path(path, |path| File::open(path));
        let mut file = match opened {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let modified_ns = modified_of(&file.metadata()?);
        let line = Line::parse(&text);
        Ok(Some(Self {
            text,
            line,
            modified_ns,
        }))
    }

    /// Whether it keeps out whoever wants the lock: what is no lock of ours is nobody's to remove, and does.
    pub(super) fn is_held(&self, path: &[u8], judge: &Judge<'_>) -> bool {
        (self.line.is_none() && self.text.contains(&b'\n')) || self.is_at_work(path, judge)
    }

    /// Of a run that is not dead, or not written yet. Where nobody here can judge the process, an advisory lock decides, and where there is
    /// none the lease: whoever is at work renews it, so one that was not renewed for that long has no holder.
    pub(super) fn is_at_work(&self, path: &[u8], judge: &Judge<'_>) -> bool {
        let Some(line) = &self.line else {
            return !self.text.contains(&b'\n')
                && super::state::now_ns() - self.modified_ns < UNWRITTEN_NS;
        };
        match judge.runs.life(&line.run) {
            RunLife::Alive => true,
            RunLife::Dead => false,
            RunLife::Unknown => match is_held_by_others(path) {
                Some(true) => true,
                // A lock that the same system's kernel would have kept is gone with its process; another system's may never have come here.
                Some(false)
                    if line.advisory && !line.boot.is_empty() && line.boot == judge.boot =>
                {
                    false
                }
                _ => (judge.clock)().is_none_or(|now| now - self.modified_ns < LEASE_NS),
            },
        }
    }
}

/// What is needed to say whether somebody is at work under a lock.
pub(super) struct Judge<'a> {
    pub runs: &'a Runs,
    /// Of this system, as lock lines have it.
    pub boot: &'a str,
    /// What time it is for the file system that the lock is on, in ns since 1970; None where it does not tell.
    pub clock: &'a dyn Fn() -> Option<i128>,
}

impl Line {
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut scanner = Scanner::new(8);
        let tape = scanner.scan(text, Detail::Full).ok()?;
        if said(&tape, b"tandem")? != "lock" || said(&tape, b"version")? != "1" {
            return None;
        }
        let unfinished = tape.get(0, b"unfinished");
        let advisory = tape.get(0, b"advisory");
        Some(Self {
            run: Run::parse(said(&tape, b"run")?.as_bytes())?,
            pid: said(&tape, b"pid")?,
            host: said(&tape, b"host")?,
            boot: said(&tape, b"boot").unwrap_or_default(),
            advisory: advisory.is_some_and(|at| tape.kind(at) == kind::TRUE),
            is_unfinished: unfinished.is_some_and(|at| tape.is_string(at)),
        })
    }

    /// Of the system that wrote it.
    pub(super) fn boot(self) -> String {
        self.boot
    }
}

fn said(tape: &Tape<'_>, key: &[u8]) -> Option<String> {
    let text = tape.text(tape.get(0, key)?).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Nanoseconds since 1970.
pub(super) fn modified_of(metadata: &fs::Metadata) -> i128 {
    let modified = metadata.modified().ok();
    let since = modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| {
        i128::try_from(since.as_nanos()).unwrap_or(i128::MAX)
    })
}

/// Whether somebody else has an advisory lock on a file; None where nobody can say.
#[cfg(unix)]
fn is_held_by_others(path: &[u8]) -> Option<bool> {
    use std::os::fd::AsRawFd;
    // Some network file systems give a lock only to who may write. Closing lets go of what was taken.
    let file = with_path(path, |path| {
        File::options().read(true).write(true).open(path)
    })
    .ok()?;
    tandem_common::file_lock::lock_file(file.as_raw_fd()).map(|taken| !taken)
}

#[cfg(not(unix))]
fn is_held_by_others(_path: &[u8]) -> Option<bool> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] = b"{\"tandem\":\"lock\",\"version\":1,\"host\":\"h\",\"boot\":\"b\",\"namespace\":\"\",\"pid\":7,\"started\":2,\"operation\":\"save\",\"run\":\"h-s0-7-2-r0123abcd\",\"advisory\":true,\"unfinished\":\"bin\"}\n";

    #[test]
    fn a_lock_is_a_line_that_says_so() {
        let line = Line::parse(LINE).expect("it is one");
        let told = (line.run.pid, line.pid.as_str(), line.host.as_str());
        assert_eq!(told, (7, "7", "h"));
        assert!(line.advisory && line.is_unfinished && line.boot == "b");
        assert!(Line::parse(&LINE[..LINE.len() - 2]).is_none());
        let claim = b"{\"tandem\":\"claim\",\"version\":1,\"run\":\"h-s0-7-2-r0123abcd\"}\n";
        assert!(Line::parse(claim).is_none());
        assert!(Line::parse(b"{}").is_none());
    }

    #[test]
    fn what_nobody_can_judge_is_held_until_its_lease_is_over() {
        let own = Run::parse(b"here-s01234567-1-1-r00000000").expect("it is one");
        let runs = Runs::new(&own);
        let found = Found {
            text: LINE.to_vec(),
            line: Line::parse(LINE),
            modified_ns: 1_000_000_000,
        };
        let held_at = |now: Option<i128>| {
            let clock = || now;
            let judge = Judge {
                runs: &runs,
                boot: "another",
                clock: &clock,
            };
            found.is_held(b"/nowhere", &judge)
        };
        assert!(held_at(Some(1_000_000_000 + LEASE_NS - 1)));
        assert!(!held_at(Some(1_000_000_000 + LEASE_NS)));
        assert!(held_at(None));
    }
}

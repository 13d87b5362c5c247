//! The runs that scratch files are named after: `spec/sidecar/locks.md`, "Runs".

use super::process::{Life, life_of};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const SCRATCH: &[u8] = b".tandem-";
/// The lock of a folder that a run is at work in: `spec/sidecar/locks.md`.
pub const TREE_LOCK: &[u8] = b".tandem-lock";

/// The scope of nobody in particular: whoever has it cannot be judged.
const NO_SCOPE: &[u8] = b"s0";

/// A run's id, read back: `host-scope-pid-started-r<8 hex digits>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    /// Encoded.
    pub host: Vec<u8>,
    /// Within what its number means its process.
    pub scope: Vec<u8>,
    pub pid: u64,
    pub started: u64,
    pub id: Vec<u8>,
}

impl Run {
    /// None for what no run is called.
    #[must_use]
    pub fn parse(id: &[u8]) -> Option<Self> {
        let parts: Vec<&[u8]> = id.split(|byte| *byte == b'-').collect();
        let [host, scope, pid, started, random] = parts[..] else {
            return None;
        };
        let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
        let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
        let is_tag = |tag: &[u8], letter: u8| {
            tag.len() == 9 && tag[0] == letter && tag[1..].iter().all(is_hex)
        };
        let right = !host.is_empty()
            && host.iter().all(is_host)
            && (scope == NO_SCOPE || is_tag(scope, b's'))
            && is_tag(random, b'r');
        right.then_some(Self {
            host: host.to_vec(),
            scope: scope.to_vec(),
            pid: number(pid)?,
            started: number(started)?,
            id: id.to_vec(),
        })
    }
}

/// The run whose scratch file this name is (`.tandem-<run>-<n>`).
#[must_use]
pub fn run_of_scratch(name: &[u8]) -> Option<Run> {
    let rest = name.strip_prefix(SCRATCH)?;
    let dash = rest.iter().rposition(|byte| *byte == b'-')?;
    let n = &rest[dash + 1..];
    if n.is_empty() || !n.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Run::parse(&rest[..dash])
}

/// The raw name of the run's n-th scratch file.
#[must_use]
pub fn scratch_name(run: &[u8], n: u64) -> Vec<u8> {
    [SCRATCH, run, b"-", n.to_string().as_bytes()].concat()
}

/// Digits only; one too large to be anybody's is the largest.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let text = std::str::from_utf8(digits).ok()?;
    Some(text.parse().unwrap_or(u64::MAX))
}

/// What can be said of a run from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunLife {
    Alive,
    /// Its process is certainly gone.
    Dead,
    /// Of another host, of another start of this one, or of a container that shares its name and not its processes.
    Unknown,
}

/// Which runs are no more, asked for once each: a killed run leaves many files, and asking the system for each would cost.
pub struct Runs {
    /// The run that is at work: of this host, as its name is encoded, and of this scope.
    own: Run,
    known: Mutex<HashMap<Vec<u8>, RunLife>>,
}

impl Runs {
    /// `own` is the run at work.
    #[must_use]
    pub fn new(own: &Run) -> Self {
        Self {
            own: own.clone(),
            known: Mutex::default(),
        }
    }

    pub fn life(&self, run: &Run) -> RunLife {
        let own = &self.own;
        if run.host != own.host || run.scope != own.scope || run.scope == NO_SCOPE {
            return RunLife::Unknown;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known
            .entry(run.id.clone())
            .or_insert_with(|| match life_of(run.pid) {
                Life::Over => RunLife::Dead,
                // 0: the system did not say then, and the number is all there is to go by.
                Life::Since(started)
                    if started != run.started && started != 0 && run.started != 0 =>
                {
                    RunLife::Dead
                }
                Life::Since(_) | Life::Unknown => RunLife::Alive,
            })
    }

    /// True only where it is certain.
    pub fn is_dead(&self, run: &Run) -> bool {
        self.life(run) == RunLife::Dead
    }
}

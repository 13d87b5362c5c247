//! Saves that are at work on a file: `spec/sidecar/convert.md`, "Saves".

use super::plan::{File, Open};
use super::shared::Shared;
use super::state::now_ns;
use crate::json::scanner::{Detail, Scanner};
use crate::scan::time::iso;
use sha2::{Digest, Sha256};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tandem_common::durable::Run;
use tandem_common::file::{FactsWanted, Reader, Want};
use tandem_common::limits::SAVE_WAIT_MS;
use tandem_common::path::join;
use tandem_common::{ErrorCode, Fault};

const LOCK: &[u8] = b".tandem-lock-";
/// Bytes that a name may have everywhere.
const LONGEST_NAME: usize = 255;
/// Where there are no links a lock is there before its line is; a writer that has not got further by then is gone.
const UNWRITTEN_NS: i128 = 60_000_000_000;
const WAIT: Duration = Duration::from_millis(SAVE_WAIT_MS as u64);
/// A save is done within milliseconds.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Whose lock it is, as its line says.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    run: Run,
    pid: String,
    host: String,
}

/// A lock that somebody holds; without a line while it is being written.
struct Held {
    line: Option<Line>,
    modified_ns: i128,
}

/// Waits for saves that were at work on a file or on its target before this run was. What is wrong where one stays.
pub(super) fn outwait(
    file: &File<'_>,
    open: &mut Open,
    reader: &mut Reader,
    shared: &Shared,
) -> Option<Fault> {
    let folder = &file.part.index.folder;
    // Whoever takes such a lock after the folder was listed waits for us.
    if !folder.has_scratch() {
        return None;
    }
    let target = shared.target_name(file.name);
    let is_own = target == file.name;
    [file.name, &target]
        .into_iter()
        .take(if is_own { 1 } else { 2 })
        .map(lock_name)
        .filter(|lock| folder.lists_scratch(lock))
        .find_map(|lock| outwait_lock(&lock, file, open, reader, shared))
}

fn outwait_lock(
    lock: &[u8],
    file: &File<'_>,
    open: &mut Open,
    reader: &mut Reader,
    shared: &Shared,
) -> Option<Fault> {
    let began = Instant::now();
    let mut first: Option<Line> = None;
    loop {
        let now = holder_of(lock, open, reader, shared)?;
        match (&first, &now.line) {
            // Another save, and one that has begun later.
            (Some(first), Some(line)) if first.run != line.run => return None,
            (None, Some(_)) => first.clone_from(&now.line),
            _ => {}
        }
        let is_old = now_ns() - now.modified_ns >= i128::from(SAVE_WAIT_MS as u64) * 1_000_000;
        if is_old || began.elapsed() >= WAIT {
            return Some(locked(lock, &now, file));
        }
        sleep(LOOK_AGAIN);
    }
}

/// None where nobody is at work under a lock: what is dead, or no lock of ours, holds nothing up.
fn holder_of(lock: &[u8], open: &mut Open, reader: &mut Reader, shared: &Shared) -> Option<Held> {
    let status = open.folder.status(lock).ok().flatten()?;
    if !status.is_file {
        return None;
    }
    let want = Want {
        facts: FactsWanted::First,
        unlimited: true,
        ..Want::default()
    };
    let (text, modified_ns) = match reader.read(&mut open.place, lock, want) {
        Ok(content) => {
            let modified = content.facts().map(|facts| facts.modified_ns);
            (content.bytes, modified.unwrap_or(status.modified_ns))
        }
        Err(unread) if unread.fault.code == ErrorCode::NotFound => return None,
        // Nobody can say that it is dead.
        Err(_) => (&b""[..], status.modified_ns),
    };
    let line = parse(text);
    let is_held = match &line {
        Some(line) => !shared.runs.is_dead(&line.run),
        None => !text.contains(&b'\n') && now_ns() - modified_ns < UNWRITTEN_NS,
    };
    is_held.then_some(Held { line, modified_ns })
}

fn parse(text: &[u8]) -> Option<Line> {
    let mut scanner = Scanner::new(8);
    let tape = scanner.scan(text, Detail::Full).ok()?;
    let said = |key: &[u8]| {
        let at = tape.get(0, key)?;
        let text = tape.text(at).ok()?;
        Some(String::from_utf8_lossy(&text).into_owned())
    };
    let is_lock = said(b"tandem")? == "lock" && said(b"version")? == "1";
    Some(Line {
        run: Run::parse(said(b"run")?.as_bytes()).filter(|_| is_lock)?,
        pid: said(b"pid")?,
        host: said(b"host")?,
    })
}

fn locked(lock: &[u8], held: &Held, file: &File<'_>) -> Fault {
    let (pid, host) = held
        .line
        .as_ref()
        .map_or(("?", "?"), |line| (&line.pid, &line.host));
    let since = iso(held.modified_ns).unwrap_or_default();
    // To the second.
    let since = since.split('.').next().unwrap_or_default();
    let path = join(&file.part.path, lock);
    Fault::new(ErrorCode::Locked)
        .with("pid", pid)
        .with("host", host)
        .with("since", format!("{since}Z"))
        .with("lock", String::from_utf8_lossy(&path))
}

/// The name of the lock of one sidecar: `spec/sidecar/save.md`, "Steps".
fn lock_name(sidecar: &[u8]) -> Vec<u8> {
    let name = [LOCK, sidecar].concat();
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let mut hashed = LOCK.to_vec();
    for byte in Sha256::digest(&name) {
        hashed.extend_from_slice(format!("{byte:02x}").as_bytes());
    }
    hashed
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] = b"{\"tandem\":\"lock\",\"version\":1,\"host\":\"h\",\"pid\":7,\"started\":2,\"operation\":\"save\",\"run\":\"h-7-2-r0123abcd\"}\n";

    #[test]
    fn a_lock_is_a_line_that_says_so() {
        let line = parse(LINE).expect("it is one");
        let told = (line.run.pid, line.pid.as_str(), line.host.as_str());
        assert_eq!(told, (7, "7", "h"));
        assert!(parse(&LINE[..LINE.len() - 2]).is_none());
        assert!(
            parse(b"{\"tandem\":\"claim\",\"version\":1,\"run\":\"h-7-2-r0123abcd\"}\n").is_none()
        );
        assert!(parse(b"{}").is_none());
    }

    #[test]
    fn the_lock_of_a_long_name_is_its_digest() {
        assert_eq!(lock_name(b"a.json"), b".tandem-lock-a.json");
        assert_eq!(lock_name(&[b'x'; 242]).len(), 255);
        assert_eq!(lock_name(&[b'x'; 243]).len(), LOCK.len() + 64);
    }
}

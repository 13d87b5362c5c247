//! Runs a command like a shell, reads and discards its output, and reports the time and memory that it took.
//! Node does not report the processor time and the memory of its children; and this program is so small that
//! its own memory does not count as theirs.

use std::io::{Error, Read, Result};
use std::mem::MaybeUninit;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The number of bytes that are kept from the end of the output.
const TAIL: usize = 2048;
const TICKS_PER_SECOND: f64 = 100.0;

/// Two lines or more: JSON with wall, user, sys and others in milliseconds (others: processor time that the
/// rest of the machine used in the meantime, null where unknown), peak memory in bytes, status and bytes of
/// output; then the end of the output.
pub fn run(command: &str, arguments: &[String]) -> Result<String> {
    let busy = busy_ms();
    let begun = Instant::now();
    let mut child = Command::new(command)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut output = child.stdout.take().expect("it was asked for");
    let (bytes, tail) = drain(&mut output)?;
    let (status, usage) = wait(child.id())?;
    let wall = begun.elapsed().as_secs_f64() * 1e3;
    let (user, sys) = (milliseconds(usage.ru_utime), milliseconds(usage.ru_stime));
    let others = match (busy, busy_ms()) {
        (Some(before), Some(after)) => {
            format!("{:.0}", (after - before - user - sys - own_ms()).max(0.0))
        }
        _ => "null".to_owned(),
    };
    // Linux counts kilobytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let memory = usage.ru_maxrss * unit;
    Ok(format!(
        r#"{{"wall":{wall:.3},"user":{user:.3},"sys":{sys:.3},"others":{others},"memory":{memory},"status":{status},"output":{bytes}}}
{}"#,
        String::from_utf8_lossy(&tail)
    ))
}

fn drain(output: &mut impl Read) -> Result<(u64, Vec<u8>)> {
    let mut buffer = vec![0; 1 << 16];
    let (mut bytes, mut tail) = (0, Vec::new());
    loop {
        let read = output.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, tail));
        }
        bytes += read as u64;
        tail.extend_from_slice(&buffer[read.saturating_sub(TAIL)..read]);
        tail.drain(..tail.len().saturating_sub(TAIL));
    }
}

/// The exit status, or 128 + the signal, as in a shell.
fn wait(process: u32) -> Result<(i32, libc::rusage)> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    let process = libc::pid_t::try_from(process).map_err(Error::other)?;
    // SAFETY: both pointers are valid for the call, which fills them in.
    let waited = unsafe { libc::wait4(process, &raw mut status, 0, usage.as_mut_ptr()) };
    if waited != process {
        return Err(Error::last_os_error());
    }
    let status = if libc::WIFEXITED(status) {
        libc::WEXITSTATUS(status)
    } else {
        128 + libc::WTERMSIG(status)
    };
    // SAFETY: all zeroes is a valid rusage, and wait4 has filled it in.
    Ok((status, unsafe { usage.assume_init() }))
}

/// The processor time of this program itself so far.
fn own_ms() -> f64 {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is valid for the call; all zeroes is a valid rusage.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a run takes seconds, not centuries"
)]
fn milliseconds(time: libc::timeval) -> f64 {
    time.tv_sec as f64 * 1e3 + time.tv_usec as f64 / 1e3
}

/// Processor time of the whole machine since it started: the first line of /proc/stat without idle and
/// iowait.
fn busy_ms() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let ticks: Vec<f64> = stat
        .lines()
        .next()?
        .split_whitespace()
        .skip(1)
        .take(8)
        .map_while(|field| field.parse().ok())
        .collect();
    let idle = ticks.get(3)? + ticks.get(4)?;
    Some((ticks.iter().sum::<f64>() - idle) * 1e3 / TICKS_PER_SECOND)
}

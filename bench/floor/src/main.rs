//! The floor: what it costs to have looked at every sidecar at all. Walk, then open, read and close each file, and
//! nothing else, as most people would write it. Tandem's passes are told as multiples of this.

mod copy;
mod walk;

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const USAGE: &str = "usage: tandem-floor read DIR [--threads 2]
       tandem-floor copy DIR [--sync-every N]";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["read", dir] => read(dir, 2),
        ["read", dir, "--threads", threads] => read(dir, threads.parse().unwrap_or(2)),
        ["copy", dir] => copy::run(dir, 0),
        ["copy", dir, "--sync-every", files] => copy::run(dir, files.parse().unwrap_or(0)),
        _ => Err(std::io::Error::other(USAGE)),
    };
    match done {
        Ok(line) => println!("{line}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(2);
        }
    }
}

/// One JSON line: files, bytes, milliseconds of the walk and of all.
fn read(dir: &str, threads: usize) -> std::io::Result<String> {
    let begun = Instant::now();
    let mut files = Vec::new();
    walk::sidecars(dir.as_ref(), &mut files)?;
    let walked = begun.elapsed();
    let next = AtomicUsize::new(0);
    let bytes = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..threads.max(1))
            .map(|_| scope.spawn(|| read_some(&files, &next)))
            .collect();
        readers
            .into_iter()
            .map(|reader| reader.join().expect("a reader panicked"))
            .sum::<std::io::Result<u64>>()
    })?;
    let (walk_ms, ms) = (
        walked.as_secs_f64() * 1e3,
        begun.elapsed().as_secs_f64() * 1e3,
    );
    let files = files.len();
    Ok(format!(
        r#"{{"files":{files},"bytes":{bytes},"walk_ms":{walk_ms:.1},"ms":{ms:.1}}}"#
    ))
}

fn read_some(files: &[PathBuf], next: &AtomicUsize) -> std::io::Result<u64> {
    const CHUNK: usize = 64;
    let mut buffer = Vec::with_capacity(1 << 16);
    let mut bytes = 0;
    loop {
        let from = next.fetch_add(CHUNK, Ordering::Relaxed);
        if from >= files.len() {
            return Ok(bytes);
        }
        for path in &files[from..files.len().min(from + CHUNK)] {
            buffer.clear();
            bytes += File::open(path)?.read_to_end(&mut buffer)? as u64;
        }
    }
}

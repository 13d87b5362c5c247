//! The floor of a pass that reads: walk, then open, read and close every file.

use crate::walk;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Files that a thread takes at a time.
const CHUNK: usize = 64;

/// One JSON line: files, bytes, milliseconds of the walk and of all.
pub fn run(dir: &str, threads: usize) -> std::io::Result<String> {
    let begun = Instant::now();
    let mut files = Vec::new();
    walk::sidecars(dir.as_ref(), &mut files)?;
    let walk_ms = begun.elapsed().as_secs_f64() * 1e3;
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
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    let files = files.len();
    Ok(format!(
        r#"{{"files":{files},"bytes":{bytes},"walk_ms":{walk_ms:.1},"ms":{ms:.1}}}"#
    ))
}

fn read_some(files: &[PathBuf], next: &AtomicUsize) -> std::io::Result<u64> {
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let from = next.fetch_add(CHUNK, Ordering::Relaxed);
        if from >= files.len() {
            return Ok(bytes);
        }
        for path in &files[from..files.len().min(from + CHUNK)] {
            // Not read_to_end: it first asks for size and position of each file, and is a tenth slower.
            let mut file = File::open(path)?;
            loop {
                let read = file.read(&mut buffer)?;
                if read == 0 {
                    break;
                }
                bytes += read as u64;
            }
        }
    }
}

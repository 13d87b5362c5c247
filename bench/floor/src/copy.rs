//! The floor of a conversion: read each .json, write its bytes to a temporary file, rename that to .bin and
//! unlink the .json. With `--sync-every N` the file system is synced once per N files, before their sources
//! are unlinked, as a safe conversion in groups must do. It changes the folder: give it a copy.

use crate::walk;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// One JSON line: files, bytes, syncs, milliseconds. Without syncs each source is removed right after its
/// target is written.
pub fn run(dir: &str, sync_every: usize, threads: usize) -> io::Result<String> {
    let begun = Instant::now();
    let mut files = Vec::new();
    walk::sidecars(dir.as_ref(), &mut files)?;
    files.retain(|path| path.extension().is_some_and(|found| found == "json"));
    let (mut bytes, mut syncs) = (0, 0);
    let group = if sync_every == 0 {
        files.len().max(1)
    } else {
        sync_every
    };
    for sources in files.chunks(group) {
        bytes += in_threads(sources, threads, |source, buffer| {
            let bytes = copy(source, buffer)?;
            if sync_every == 0 {
                fs::remove_file(source)?;
            }
            Ok(bytes)
        })?;
        if sync_every > 0 {
            sync(dir.as_ref())?;
            syncs += 1;
            in_threads(sources, threads, |source, _| {
                fs::remove_file(source).map(|()| 0)
            })?;
        }
    }
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    let files = files.len();
    Ok(format!(
        r#"{{"files":{files},"bytes":{bytes},"syncs":{syncs},"ms":{ms:.1}}}"#
    ))
}

/// The sum of the results of `work` for each file. Each thread gets one contiguous share of the files, so
/// that two threads seldom write into the same folder.
fn in_threads(
    files: &[PathBuf],
    threads: usize,
    work: impl Fn(&PathBuf, &mut Vec<u8>) -> io::Result<u64> + Sync,
) -> io::Result<u64> {
    let share = files.len().div_ceil(threads.max(1)).max(1);
    let one_share = |files: &[PathBuf]| {
        let mut buffer = Vec::with_capacity(1 << 16);
        files
            .iter()
            .map(|file| work(file, &mut buffer))
            .sum::<io::Result<u64>>()
    };
    std::thread::scope(|scope| {
        let writers: Vec<_> = files
            .chunks(share)
            .map(|files| scope.spawn(|| one_share(files)))
            .collect();
        writers
            .into_iter()
            .map(|writer| writer.join().expect("a writer panicked"))
            .sum()
    })
}

fn copy(source: &PathBuf, buffer: &mut Vec<u8>) -> io::Result<u64> {
    buffer.clear();
    let bytes = File::open(source)?.read_to_end(buffer)?;
    let temporary = source.with_extension("part");
    File::create(&temporary)?.write_all(buffer)?;
    fs::rename(&temporary, source.with_extension("bin"))?;
    Ok(bytes as u64)
}

#[cfg(target_os = "linux")]
fn sync(dir: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let folder = File::open(dir)?;
    // SAFETY: the descriptor is open for the whole call.
    match unsafe { libc::syncfs(folder.as_raw_fd()) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(not(target_os = "linux"))]
fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

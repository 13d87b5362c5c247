//! The floor of a conversion: read each .json, write its bytes to a temporary file, rename that to .bin and unlink the
//! .json. With `--sync-every N` the file system is synced once for N files, before their sources are unlinked, as a
//! careful conversion in groups has to. It changes the folder: give it a copy.

use crate::walk;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// One JSON line: files, bytes, syncs, milliseconds. Without syncs each source goes as soon as its target stands.
pub fn run(dir: &str, sync_every: usize) -> io::Result<String> {
    let begun = Instant::now();
    let mut files = Vec::new();
    walk::sidecars(dir.as_ref(), &mut files)?;
    files.retain(|path| path.extension().is_some_and(|found| found == "json"));
    let (mut bytes, mut syncs) = (0, 0);
    let mut buffer = Vec::with_capacity(1 << 16);
    for sources in files.chunks(sync_every.max(1)) {
        for source in sources {
            bytes += copy(source, &mut buffer)?;
        }
        if sync_every > 0 {
            sync(dir.as_ref())?;
            syncs += 1;
        }
        sources.iter().try_for_each(fs::remove_file)?;
    }
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    let files = files.len();
    Ok(format!(
        r#"{{"files":{files},"bytes":{bytes},"syncs":{syncs},"ms":{ms:.1}}}"#
    ))
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

//! The floor of a conversion: read each .json, write its bytes to a temporary file, rename that to .bin and unlink the
//! .json. With `--sync-every N` the file system is synced once for N files, before their sources are unlinked, as a
//! careful conversion in groups has to. It changes the folder: give it a copy.

use crate::walk;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// One JSON line: files, bytes, syncs, milliseconds.
pub fn run(dir: &str, sync_every: usize) -> io::Result<String> {
    let begun = Instant::now();
    let mut files = Vec::new();
    walk::sidecars(dir.as_ref(), &mut files)?;
    files.retain(|path| path.extension().is_some_and(|found| found == "json"));
    let (mut bytes, mut syncs) = (0, 0);
    let mut buffer = Vec::with_capacity(1 << 16);
    let group = if sync_every == 0 {
        files.len().max(1)
    } else {
        sync_every
    };
    for sources in files.chunks(group) {
        let mut staged = Vec::with_capacity(sources.len());
        for source in sources {
            buffer.clear();
            bytes += File::open(source)?.read_to_end(&mut buffer)? as u64;
            let temporary = source.with_extension("part");
            File::create(&temporary)?.write_all(&buffer)?;
            staged.push(temporary);
        }
        // The contents first, then the names, then nothing is lost by unlinking.
        syncs += sync(Path::new(dir), sync_every)?;
        for temporary in &staged {
            fs::rename(temporary, temporary.with_extension("bin"))?;
        }
        syncs += sync(Path::new(dir), sync_every)?;
        unlink(sources)?;
    }
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    let files = files.len();
    Ok(format!(
        r#"{{"files":{files},"bytes":{bytes},"syncs":{syncs},"ms":{ms:.1}}}"#
    ))
}

fn unlink(sources: &[PathBuf]) -> io::Result<()> {
    sources.iter().try_for_each(fs::remove_file)
}

fn sync(dir: &Path, sync_every: usize) -> io::Result<u64> {
    if sync_every == 0 {
        return Ok(0);
    }
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        let folder = File::open(dir)?;
        // SAFETY: the descriptor is open for the whole call.
        if unsafe { libc::syncfs(folder.as_raw_fd()) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    #[cfg(not(target_os = "linux"))]
    File::open(dir)?.sync_all()?;
    Ok(1)
}

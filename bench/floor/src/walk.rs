//! Every file below a folder with the extension of a sidecar.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub fn sidecars(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_dir() {
            sidecars(&path, files)?;
        } else if kind.is_file()
            && path
                .extension()
                .is_some_and(|found| found == "json" || found == "bin" || found == "rkyv")
        {
            files.push(path);
        }
    }
    Ok(())
}

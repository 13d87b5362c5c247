//! The same steps by path and the standard library, for systems whose own ways we have not measured.

use super::{Access, FileId, Placed, Status, Steps, cannot_sync_folder, has_no_links, unless_gone};
use crate::file::facts_of;
use crate::path::{join, with_path};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::thread::sleep;
use std::time::Duration;

/// A scanner or an indexer holds a file for a moment; only Windows says so.
const HELD_PAUSES_MS: &[u64] = if cfg!(windows) {
    &[5, 20, 80, 320]
} else {
    &[]
};

pub struct Folder {
    path: Vec<u8>,
}

#[allow(clippy::needless_pass_by_ref_mut)]
impl Folder {
    #[must_use]
    pub fn new(path: &[u8], _files: usize) -> Self {
        Self {
            path: path.to_vec(),
        }
    }

    pub fn status(&mut self, name: &[u8]) -> io::Result<Option<Status>> {
        let found = with_path(&join(&self.path, name), |path| fs::symlink_metadata(path));
        unless_gone(found.map(|metadata| status_of(&metadata)))
    }

    pub fn create(
        &mut self,
        name: &[u8],
        bytes: &[u8],
        access: Option<Access>,
        steps: &Steps,
    ) -> io::Result<FileId> {
        steps.before();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if access.is_some() {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let mut file = with_path(&join(&self.path, name), |path| options.open(path))?;
        steps.before();
        file.write_all(bytes)?;
        if let Some(access) = access {
            give(&file, access, steps)?;
        }
        Ok(status_of(&file.metadata()?).id)
    }

    pub fn place(&mut self, staged: &[u8], target: &[u8], steps: &Steps) -> io::Result<Placed> {
        steps.before();
        let (from, to) = (join(&self.path, staged), join(&self.path, target));
        match with_path(&from, |from| with_path(&to, |to| fs::hard_link(from, to))) {
            Ok(()) => {
                // It is in its place; a second name that stays the next run sweeps up.
                let _ = self.unlink(staged, steps);
                Ok(Placed::Done)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Placed::Taken),
            Err(error) if has_no_links(&error) => Ok(Placed::NeedsClaim),
            Err(error) => Err(error),
        }
    }

    pub fn replace(&mut self, staged: &[u8], target: &[u8], steps: &Steps) -> io::Result<()> {
        steps.before();
        let (from, to) = (join(&self.path, staged), join(&self.path, target));
        patiently(|| with_path(&from, |from| with_path(&to, |to| fs::rename(from, to))))
    }

    pub fn unlink(&mut self, name: &[u8], steps: &Steps) -> io::Result<()> {
        steps.before();
        let path = join(&self.path, name);
        patiently(|| with_path(&path, |path| fs::remove_file(path)))
    }

    /// Windows syncs only what is open for writing.
    pub fn sync_file(&mut self, name: &[u8], steps: &Steps) -> io::Result<()> {
        steps.before();
        let mut options = OpenOptions::new();
        options.read(true).write(cfg!(windows));
        with_path(&join(&self.path, name), |path| options.open(path))?.sync_all()
    }

    pub fn sync(&mut self, steps: &Steps) -> io::Result<()> {
        steps.before();
        let path: &[u8] = if self.path.is_empty() {
            b"."
        } else {
            &self.path
        };
        match with_path(path, |path| File::open(path)).and_then(|folder| folder.sync_all()) {
            Err(error) if cannot_sync_folder(&error) => Ok(()),
            synced => synced,
        }
    }
}

fn patiently(work: impl Fn() -> io::Result<()>) -> io::Result<()> {
    for pause in HELD_PAUSES_MS {
        match work() {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                sleep(Duration::from_millis(*pause));
            }
            done => return done,
        }
    }
    work()
}

fn status_of(metadata: &Metadata) -> Status {
    let facts = facts_of(metadata);
    Status {
        id: FileId {
            device: facts.device,
            inode: facts.inode,
        },
        size: facts.size,
        modified_ns: facts.modified_ns,
        access: access_of(metadata),
        is_file: metadata.is_file(),
    }
}

#[cfg(unix)]
fn access_of(metadata: &Metadata) -> Access {
    use std::os::unix::fs::MetadataExt;
    Access {
        mode: metadata.mode() & 0o7777,
        owner: metadata.uid(),
        group: metadata.gid(),
    }
}

#[cfg(not(unix))]
fn access_of(_metadata: &Metadata) -> Access {
    Access::default()
}

#[cfg(unix)]
fn give(file: &File, access: Access, steps: &Steps) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let made = access_of(&file.metadata()?);
    if (made.owner, made.group) != (access.owner, access.group) {
        steps.before();
        // Only root may give a file away: where it fails the file is still ours, and the document in it is what counts.
        let _ = std::os::unix::fs::fchown(file, Some(access.owner), Some(access.group));
    }
    // After the owner: chown clears the bits for set-user-ID and set-group-ID.
    steps.before();
    file.set_permissions(fs::Permissions::from_mode(access.mode))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn give(_file: &File, _access: Access, _steps: &Steps) -> io::Result<()> {
    Ok(())
}

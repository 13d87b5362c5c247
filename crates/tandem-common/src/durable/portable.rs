//! The same steps by path and the standard library, for systems whose own ways we have not measured.

use super::{
    Access, Begun, FileId, Like, Placed, Status, Steps, What, cannot_sync_folder, has_no_links,
    not_kept, unless_gone,
};
use crate::file::facts_of;
use crate::path::{join, with_path};
use std::fs::{self, File, FileTimes, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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
        like: Option<Like<'_>>,
        steps: &Steps,
    ) -> io::Result<FileId> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if like.is_some() {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let begin = |what| steps.begin(what, &self.path, name);
        let file = begin(What::Create)
            .and_then(|_step| with_path(&join(&self.path, name), |path| options.open(path)))?;
        let filled = self.fill(file, bytes, like, begin);
        if filled.is_err() {
            let _ = self.unlink(name, steps);
        }
        filled
    }

    /// Gives a file that is there what another has beside its bytes.
    pub fn make_like(&mut self, name: &[u8], like: Like<'_>, steps: &Steps) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.read(true).write(cfg!(windows));
        let file = with_path(&join(&self.path, name), |path| options.open(path))?;
        let begin = |what| steps.begin(what, &self.path, name);
        self.give(&file, like, begin).map_err(not_kept)
    }

    /// Closes the file: Windows removes none that is open.
    fn fill(
        &self,
        mut file: File,
        bytes: &[u8],
        like: Option<Like<'_>>,
        begin: impl Fn(What) -> io::Result<Begun>,
    ) -> io::Result<FileId> {
        begin(What::Write).and_then(|_step| file.write_all(bytes))?;
        if let Some(like) = like {
            self.give(&file, like, begin).map_err(not_kept)?;
        }
        Ok(status_of(&file.metadata()?).id)
    }

    #[cfg_attr(not(target_os = "macos"), allow(clippy::unused_self))]
    fn give(
        &self,
        file: &File,
        like: Like<'_>,
        begin: impl Fn(What) -> io::Result<Begun>,
    ) -> io::Result<()> {
        let access = like.status.access;
        give_owner(file, access, &begin)?;
        #[cfg(target_os = "macos")]
        {
            let _step = begin(What::Attributes)?;
            let from = with_path(&join(&self.path, like.name), |path| File::open(path))?;
            copy_attributes(&from, file)?;
        }
        give_mode(file, access, &begin)?;
        if like.with_times {
            let _step = begin(What::Times)?;
            let times = FileTimes::new()
                .set_accessed(time(like.status.accessed_ns))
                .set_modified(time(like.status.modified_ns));
            file.set_times(times)?;
        }
        Ok(())
    }

    pub fn place(&mut self, staged: &[u8], target: &[u8], steps: &Steps) -> io::Result<Placed> {
        let (from, to) = (join(&self.path, staged), join(&self.path, target));
        let linked = steps
            .begin_naming(What::Link, &self.path, staged, target)
            .and_then(|_step| {
                with_path(&from, |from| with_path(&to, |to| fs::hard_link(from, to)))
            });
        match linked {
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
        let _step = steps.begin_naming(What::Rename, &self.path, staged, target)?;
        let (from, to) = (join(&self.path, staged), join(&self.path, target));
        patiently(|| with_path(&from, |from| with_path(&to, |to| fs::rename(from, to))))
    }

    pub fn unlink(&mut self, name: &[u8], steps: &Steps) -> io::Result<()> {
        let _step = steps.begin(What::Unlink, &self.path, name)?;
        let path = join(&self.path, name);
        patiently(|| with_path(&path, |path| fs::remove_file(path)))
    }

    /// Windows syncs only what is open for writing.
    pub fn sync_file(&mut self, name: &[u8], steps: &Steps) -> io::Result<()> {
        let _step = steps.begin(What::Sync, &self.path, name)?;
        let mut options = OpenOptions::new();
        options.read(true).write(cfg!(windows));
        with_path(&join(&self.path, name), |path| options.open(path))?.sync_all()
    }

    pub fn sync(&mut self, steps: &Steps) -> io::Result<()> {
        let path: &[u8] = if self.path.is_empty() {
            b"."
        } else {
            &self.path
        };
        let synced = steps
            .begin(What::SyncFolder, &self.path, b"")
            .and_then(|_step| with_path(path, |path| File::open(path))?.sync_all());
        match synced {
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
        changed_ns: facts.changed_ns,
        accessed_ns: metadata.accessed().map_or(facts.modified_ns, ns_of),
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

fn ns_of(time: SystemTime) -> i128 {
    let ns = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
    time.duration_since(UNIX_EPOCH)
        .map_or_else(|before| -ns(before.duration()), ns)
}

fn time(ns: i128) -> SystemTime {
    let length = Duration::from_nanos(u64::try_from(ns.unsigned_abs()).unwrap_or(u64::MAX));
    let time = if ns < 0 {
        UNIX_EPOCH.checked_sub(length)
    } else {
        UNIX_EPOCH.checked_add(length)
    };
    time.unwrap_or(UNIX_EPOCH)
}

#[cfg(unix)]
fn give_owner(
    file: &File,
    access: Access,
    begin: &impl Fn(What) -> io::Result<Begun>,
) -> io::Result<()> {
    let made = access_of(&file.metadata()?);
    if (made.owner, made.group) == (access.owner, access.group) {
        return Ok(());
    }
    let _step = begin(What::Owner)?;
    std::os::unix::fs::fchown(file, Some(access.owner), Some(access.group))
}

/// After the owner: chown clears the bits for set-user-ID and set-group-ID.
#[cfg(unix)]
fn give_mode(
    file: &File,
    access: Access,
    begin: &impl Fn(What) -> io::Result<Begun>,
) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let _step = begin(What::Mode)?;
    file.set_permissions(fs::Permissions::from_mode(access.mode))
}

/// What a new file of its folder has there is its own.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn give_owner(
    _file: &File,
    _access: Access,
    _begin: &impl Fn(What) -> io::Result<Begun>,
) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn give_mode(
    _file: &File,
    _access: Access,
    _begin: &impl Fn(What) -> io::Result<Begun>,
) -> io::Result<()> {
    Ok(())
}

/// ACL and extended attributes, of which the system leaves out by itself what is its own.
#[cfg(target_os = "macos")]
fn copy_attributes(from: &File, to: &File) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let what = libc::COPYFILE_ACL | libc::COPYFILE_XATTR;
    // SAFETY: both descriptors are open for the whole call, and it needs no state of ours.
    let copied =
        unsafe { libc::fcopyfile(from.as_raw_fd(), to.as_raw_fd(), std::ptr::null_mut(), what) };
    if copied == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

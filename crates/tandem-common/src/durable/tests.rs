use super::process::{Life, life_of, seconds};
use super::*;
use crate::testing::Tree;
use std::ffi::CStr;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

const OWN: &[u8] = b"host-s01234567-1-2-r0123abcd";

#[test]
fn a_run_is_read_back_and_nothing_else_is() {
    let run = Run::parse(OWN).unwrap();
    assert_eq!(
        (run.host.as_slice(), run.pid, run.started),
        (&b"host"[..], 1, 2)
    );
    assert_eq!(run_of_scratch(&scratch_name(OWN, 17)), Some(run));
    for name in [
        ".tandem-lock",
        ".tandem-journal-host-s01234567-1-2-r0123abcd",
        ".tandem-host-s01234567-1-2-r0123abcd",
        ".tandem-host-s01234567-1-2-r0123abcd-",
        ".tandem-host-1-2-r0123abcg-1",
        ".tandem-ho-st-s0-1-2-r0123abcd-1",
        "x.tandem-host-s01234567-1-2-r0123abcd-1",
    ] {
        assert_eq!(run_of_scratch(name.as_bytes()), None, "{name}");
    }
}

#[test]
fn only_what_is_certainly_over_is_dead() {
    let pid = u64::from(std::process::id());
    let Life::Since(started) = life_of(pid) else {
        panic!("this process lives");
    };
    assert_eq!(life_of(0), Life::Over);
    let run = |host: &str, pid: u64, started: u64| {
        Run::parse(format!("{host}-s01234567-{pid}-{started}-r00000000").as_bytes()).unwrap()
    };
    let runs = Runs::new(&run("here", pid, started));
    assert!(!runs.is_dead(&run("here", pid, started)));
    assert!(!runs.is_dead(&run("here", pid, 0)));
    assert!(runs.is_dead(&run("here", pid, started + 1)));
    assert!(runs.is_dead(&run("here", 4_194_305, 7)));
    assert!(!runs.is_dead(&run("there", 4_194_305, 7)));
}

#[test]
fn the_time_of_ps_is_read() {
    let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
    assert_eq!(
        seconds(&words("Sat Nov 21 10:51:57 2026")),
        Some(1_795_258_317)
    );
    assert_eq!(seconds(&words("Thu Jan 1 00:00:00 1970")), Some(0));
    assert_eq!(
        seconds(&words("Thu Feb 29 00:00:01 2024")),
        Some(1_709_164_801)
    );
    assert_eq!(seconds(&words("nonsense")), None);
}

/// The same for both ways of making files; the portable one is right on Linux too.
macro_rules! a_folder_does {
    ($test:ident, $folder:path, $files:expr) => {
        #[test]
        fn $test() {
            let tree = Tree::new();
            tree.file("source", "old");
            let steps = Steps::default();
            let mut folder = <$folder>::new(tree.root(), $files);
            let source = folder.status(b"source").unwrap().unwrap();
            assert!(source.is_file && source.size == 3);
            assert_eq!(folder.status(b"nothing").unwrap(), None);
            for mode in [0o600, 0o644, 0o640, 0o666, 0o4755, 0o444] {
                let access = Access {
                    mode,
                    ..source.access
                };
                let status = Status {
                    access,
                    modified_ns: -1_500_000_000_987_654_321,
                    ..source
                };
                let like = Like {
                    name: b"source",
                    status: &status,
                    with_times: true,
                };
                let id = folder
                    .create(b"staged", b"new", Some(like), &steps)
                    .unwrap();
                let staged = folder.status(b"staged").unwrap().unwrap();
                assert_eq!(staged.modified_ns, status.modified_ns);
                let made = std::fs::metadata(tree.path().join("staged")).unwrap();
                assert_eq!(
                    (made.ino(), made.permissions().mode() & 0o7777),
                    (id.inode, mode)
                );
                folder.make_like(b"staged", like, &steps).unwrap();
                folder.sync_file(b"staged", &steps).unwrap();
                folder.unlink(b"staged", &steps).unwrap();
            }
            folder.create(b"staged", b"new", None, &steps).unwrap();
            let again = folder.create(b"staged", b"", None, &steps).unwrap_err();
            assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
            assert_eq!(
                folder.place(b"staged", b"source", &steps).unwrap(),
                Placed::Taken
            );
            assert_eq!(
                folder.place(b"staged", b"target", &steps).unwrap(),
                Placed::Done
            );
            folder.sync(&steps).unwrap();
            assert_eq!(names(tree.path()), ["source", "target"]);
            folder.replace(b"target", b"source", &steps).unwrap();
            assert_eq!(std::fs::read(tree.path().join("source")).unwrap(), b"new");
            assert_eq!(names(tree.path()), ["source"]);
            assert_eq!(
                code_of(&folder.unlink(b"x", &steps).unwrap_err()),
                ErrorCode::NotFound
            );
        }
    };
}

a_folder_does!(by_descriptor, super::Folder, 100);
a_folder_does!(by_path, super::Folder, 1);
a_folder_does!(portably, super::portable::Folder, 100);

const NOTE: &CStr = c"user.note";
const ACL: &CStr = c"system.posix_acl_access";

/// An ACL as Linux stores it: tag, what may be done, whose.
fn acl(entries: [(u16, u16, u32); 5]) -> Vec<u8> {
    let mut bytes = 2_u32.to_le_bytes().to_vec();
    for (tag, may, id) in entries {
        bytes.extend([tag.to_le_bytes(), may.to_le_bytes()].concat());
        bytes.extend(id.to_le_bytes());
    }
    bytes
}

fn acl_with(group: u16) -> Vec<u8> {
    let all = u32::MAX;
    acl([
        (1, 6, all),
        (2, 6, 1000),
        (4, group, all),
        (0x10, 6, all),
        (0x20, 0, all),
    ])
}

#[test]
fn attributes_and_acls_are_given_and_none_is_inherited() {
    let tree = Tree::new();
    tree.file("plain", "old").file("adorned", "old");
    if !tree.set_attribute("adorned", NOTE, b"hello") {
        return; // A file system without attributes has nothing to be kept.
    }
    assert!(tree.set_attribute("adorned", ACL, &acl_with(0)));
    assert!(tree.set_attribute("", c"system.posix_acl_default", &acl_with(6)));
    for files in [1, 100] {
        let mut folder = Folder::new(tree.root(), files);
        for (name, note, list) in [
            ("plain", None, None),
            ("adorned", Some(b"hello".to_vec()), Some(acl_with(0))),
        ] {
            let status = folder.status(name.as_bytes()).unwrap().unwrap();
            let like = Like {
                name: name.as_bytes(),
                status: &status,
                with_times: true,
            };
            let steps = Steps::default();
            folder
                .create(b"staged", b"new", Some(like), &steps)
                .unwrap();
            let staged = folder.status(b"staged").unwrap().unwrap();
            assert_eq!(
                (staged.access, staged.modified_ns, staged.accessed_ns),
                (status.access, status.modified_ns, status.accessed_ns)
            );
            let given = [NOTE, ACL].map(|attribute| tree.attribute("staged", attribute));
            assert_eq!(given, [note, list], "{name}");
            folder.unlink(b"staged", &steps).unwrap();
        }
    }
}

#[test]
fn a_file_that_nobody_may_write_is_made_like_another() {
    let tree = Tree::new();
    tree.file("one", "old").file("other", "new");
    let note = tree.set_attribute("one", NOTE, b"hello");
    let other = tree.path().join("other");
    std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o444)).unwrap();
    keep_access(&tree.at("one"), &tree.at("other")).unwrap();
    let modes = ["one", "other"].map(|name| {
        let made = std::fs::metadata(tree.path().join(name)).unwrap();
        made.permissions().mode()
    });
    assert_eq!(modes[0], modes[1]);
    assert_eq!(tree.attribute("other", NOTE).is_some(), note);
    let gone = keep_access(&tree.at("gone"), &tree.at("other")).unwrap_err();
    assert_eq!(code_of(&gone), ErrorCode::NotFound);
}

#[test]
fn a_file_system_is_synced_whole() {
    let tree = Tree::new();
    let mut systems = FileSystems::default();
    let device = std::fs::metadata(tree.path()).unwrap().dev();
    for _ in 0..2 {
        systems
            .sync(device, tree.root(), &Steps::default())
            .unwrap();
    }
}

/// Whether the system has not yet decided where on the disk the bytes of a file go: nobody has written them out. None where the file
/// system does not say; `ioctl_fiemap(2)`.
#[allow(clippy::unwrap_used)]
fn is_only_in_memory(path: &Path) -> Option<bool> {
    use std::os::fd::AsRawFd;
    const FIEMAP: libc::c_ulong = 0xc020_660b;
    const NOT_YET_PLACED: u32 = 0x4;
    /// Of which the first `EXTENT` are the header.
    const WORDS: usize = 22;
    const EXTENT: usize = 8;
    let file = std::fs::File::open(path).unwrap();
    let mut map = [0_u32; WORDS];
    // To the end of the file; room for one extent.
    (map[2], map[3], map[6]) = (u32::MAX, u32::MAX, 1);
    // SAFETY: the header says how much room there is, and the descriptor is open for the whole call.
    let asked = unsafe { libc::ioctl(file.as_raw_fd(), FIEMAP as _, map.as_mut_ptr()) };
    (asked == 0 && map[5] == 1).then(|| map[EXTENT + 10] & NOT_YET_PLACED != 0)
}

#[test]
fn a_sync_of_a_file_system_writes_out_what_was_in_memory() {
    let tree = Tree::new();
    let path = tree.path().join("a");
    let device = std::fs::metadata(tree.path()).unwrap().dev();
    // Somebody else may have synced in between: then it says nothing, and is tried again.
    for _ in 0..20 {
        tree.file("a", vec![1; 1 << 16]);
        if is_only_in_memory(&path) == Some(true) {
            let mut systems = FileSystems::default();
            systems
                .sync(device, tree.root(), &Steps::default())
                .unwrap();
            assert_eq!(is_only_in_memory(&path), Some(false));
            return;
        }
        std::fs::remove_file(&path).unwrap();
    }
}

#[allow(clippy::unwrap_used)]
fn names(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[cfg(unix)]
#[test]
fn errors_of_the_system_are_known_by_their_numbers() {
    let error = io::Error::from_raw_os_error;
    for (errors, code) in [
        (&[libc::ENOSPC, libc::EDQUOT][..], ErrorCode::NoSpace),
        (&[libc::ENOENT, libc::ENOTDIR], ErrorCode::NotFound),
        (
            &[libc::EACCES, libc::EIO, libc::EROFS],
            ErrorCode::Unwritable,
        ),
    ] {
        for number in errors {
            assert_eq!(code_of(&error(*number)), code, "{number}");
            // What was to be kept is told apart from what fails anyhow.
            let kept = if code == ErrorCode::Unwritable {
                ErrorCode::NotKept
            } else {
                code
            };
            assert_eq!(code_of(&not_kept(error(*number))), kept, "{number}");
        }
    }
    let words = not_kept(error(libc::EIO)).to_string();
    assert_eq!(words, error(libc::EIO).to_string());
    assert_eq!(LockLost.to_string(), "a lock of this run was lost");

    assert_eq!(unless_gone(Ok(1)).unwrap(), Some(1));
    for number in [libc::ENOENT, libc::ENOTDIR] {
        assert_eq!(unless_gone::<()>(Err(error(number))).unwrap(), None);
    }
    assert!(unless_gone::<()>(Err(error(libc::EACCES))).is_err());

    for (number, folder, links) in [
        (libc::EBADF, true, false),
        (libc::EPERM, true, true),
        (libc::EACCES, true, false),
        (libc::EISDIR, true, false),
        (libc::EINVAL, true, true),
        (libc::ENOTSUP, true, true),
        (libc::ENOSYS, true, true),
        (libc::EMLINK, false, true),
        (libc::EIO, false, false),
        (libc::ENOSPC, false, false),
    ] {
        assert_eq!(cannot_sync_folder(&error(number)), folder, "{number}");
        assert_eq!(has_no_links(&error(number)), links, "{number}");
    }
}

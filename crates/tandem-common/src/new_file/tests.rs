use super::*;
use crate::error_codes;
use crate::testing::Tree;
use std::ffi::CStr;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

/// Tests both implementations; the portable one is correct on Linux too.
macro_rules! a_folder_does {
    ($test:ident, $folder:path, $files:expr) => {
        #[test]
        fn $test() {
            let tree = Tree::new();
            tree.file("source", "old");
            let mut folder = <$folder>::new(tree.root(), $files);
            let source = folder.status(b"source").unwrap().unwrap();
            assert!(source.is_file && source.size == 3);
            let known = std::fs::metadata(tree.path().join("source")).unwrap();
            let times = (known.atime(), known.atime_nsec());
            assert_eq!(ns(times), source.accessed_ns);
            let access = source.access;
            assert_eq!(
                (access.mode, access.owner, access.group),
                (known.mode() & 0o7777, known.uid(), known.gid())
            );
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
                let id = folder.create(b"staged", b"new", like).unwrap();
                let again = folder.create(b"staged", b"", like).unwrap_err();
                assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
                let staged = folder.status(b"staged").unwrap().unwrap();
                assert_eq!(staged.modified_ns, status.modified_ns);
                let made = std::fs::metadata(tree.path().join("staged")).unwrap();
                assert_eq!(
                    (made.ino(), made.permissions().mode() & 0o7777),
                    (id.inode, mode)
                );
                assert_eq!(tree.read("staged"), b"new");
                tree.remove("staged");
                // The same for an existing file.
                tree.file("other", "new");
                folder.make_like(b"other", like).unwrap();
                let other = folder.status(b"other").unwrap().unwrap();
                assert_eq!(
                    (other.access, other.modified_ns),
                    (access, status.modified_ns)
                );
                tree.remove("other");
            }
            // Only root may give a file away.
            if source.access.owner == 0 {
                for (owner, group) in [(7, 0), (0, 7), (7, 8)] {
                    let access = Access {
                        mode: 0o640,
                        owner,
                        group,
                    };
                    let like = Like {
                        name: b"source",
                        status: &Status { access, ..source },
                        with_times: false,
                    };
                    folder.create(b"staged", b"new", like).unwrap();
                    let staged = folder.status(b"staged").unwrap().unwrap();
                    assert_eq!(staged.access, access);
                    tree.remove("staged");
                }
            }
        }
    };
}

a_folder_does!(by_descriptor, super::Folder, 100);
a_folder_does!(by_path, super::Folder, 1);
a_folder_does!(portably, super::portable::Folder, 100);

/// Nanoseconds, from seconds and nanoseconds.
fn ns((seconds, nanoseconds): (i64, i64)) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds)
}

#[test]
fn scratch_is_called_after_its_run() {
    assert_eq!(
        scratch_name("host-s0-1-2-r0", 17),
        b".tandem-host-s0-1-2-r0-17"
    );
}

#[test]
fn a_long_attribute_is_given_whole() {
    let tree = Tree::new();
    tree.file("one", "old").file("other", "new");
    let note = vec![b'x'; 2000];
    if tree.set_attribute("one", NOTE, &note) {
        make_like(&tree.at("one"), &tree.at("other"), true).unwrap();
        let mut room = vec![0; 4096];
        let path = std::ffi::CString::new(tree.at("other")).unwrap();
        // SAFETY: both names end with a NUL, and the kernel writes at most `room.len()` bytes into `room`.
        let size = unsafe {
            libc::getxattr(
                path.as_ptr(),
                NOTE.as_ptr(),
                room.as_mut_ptr().cast(),
                room.len(),
            )
        };
        assert_eq!(size, 2000);
    }
}

const NOTE: &CStr = c"user.note";
const ACL: &CStr = c"system.posix_acl_access";

/// An ACL as Linux stores it; each entry is tag, permissions and id.
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
        return; // A file system without attributes has nothing to keep.
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
            folder.create(b"staged", b"new", like).unwrap();
            let staged = folder.status(b"staged").unwrap().unwrap();
            assert_eq!(
                (staged.access, staged.modified_ns, staged.accessed_ns),
                (status.access, status.modified_ns, status.accessed_ns)
            );
            let given = [NOTE, ACL].map(|attribute| tree.attribute("staged", attribute));
            assert_eq!(given, [note, list], "{name}");
            tree.remove("staged");
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
    make_like(&tree.at("one"), &tree.at("other"), false).unwrap();
    let modes = ["one", "other"].map(|name| {
        let made = std::fs::metadata(tree.path().join(name)).unwrap();
        made.permissions().mode()
    });
    assert_eq!(modes[0], modes[1]);
    assert_eq!(tree.attribute("other", NOTE).is_some(), note);
    let gone = make_like(&tree.at("gone"), &tree.at("other"), false).unwrap_err();
    assert_eq!(code_of(&gone), error_codes::NOT_FOUND);
}

#[test]
fn a_name_is_given_only_where_nothing_has_it() {
    let tree = Tree::new();
    tree.file("staged", "new").file("there", "old");
    let taken = rename_new(&tree.at("staged"), &tree.at("there")).unwrap_err();
    assert_eq!(taken.raw_os_error(), Some(libc::EEXIST));
    assert_eq!(tree.read("there"), b"old");
    rename_new(&tree.at("staged"), &tree.at("target")).unwrap();
    assert_eq!(tree.read("target"), b"new");
    let gone = rename_new(&tree.at("staged"), &tree.at("other")).unwrap_err();
    assert_eq!(gone.raw_os_error(), Some(libc::ENOENT));
    assert!(rename_new(b"a\0b", b"c").is_err());
}

#[test]
fn what_is_no_descriptor_cannot_be_synced() {
    let refused = sync_system(-1).unwrap_err();
    assert_eq!(refused.raw_os_error(), Some(libc::EBADF));
}

/// Whether the system has not yet chosen a place on disk for the bytes of a file, so that they are not
/// written out. None if the file system does not report it: `ioctl_fiemap(2)`.
#[allow(clippy::unwrap_used)]
fn is_only_in_memory(path: &Path) -> Option<bool> {
    const FIEMAP: libc::c_ulong = 0xc020_660b;
    const NOT_YET_PLACED: u32 = 0x4;
    /// The first `EXTENT` words are the header.
    const WORDS: usize = 22;
    const EXTENT: usize = 8;
    let file = std::fs::File::open(path).unwrap();
    let mut map = [0_u32; WORDS];
    // Start 0, length to the end of the file, room for one extent.
    (map[2], map[3], map[6]) = (u32::MAX, u32::MAX, 1);
    // SAFETY: the header states the room for extents, and the descriptor is open for the whole call.
    let asked = unsafe { libc::ioctl(file.as_raw_fd(), FIEMAP as _, map.as_mut_ptr()) };
    (asked == 0 && map[5] == 1).then(|| map[EXTENT + 10] & NOT_YET_PLACED != 0)
}

#[test]
fn a_sync_of_a_file_system_writes_out_what_was_in_memory() {
    let tree = Tree::new();
    let path = tree.path().join("a");
    // Another process may have synced in between; then the test proves nothing and tries again.
    for _ in 0..20 {
        tree.file("a", vec![1; 1 << 16]);
        if is_only_in_memory(&path) == Some(true) {
            let folder = std::fs::File::open(tree.path()).unwrap();
            sync_system(folder.as_raw_fd()).unwrap();
            assert_eq!(is_only_in_memory(&path), Some(false));
            return;
        }
        std::fs::remove_file(&path).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn errors_of_the_system_are_known_by_their_numbers() {
    let error = io::Error::from_raw_os_error;
    for (errors, code) in [
        (&[libc::ENOSPC, libc::EDQUOT][..], error_codes::NO_SPACE),
        (&[libc::ENOENT, libc::ENOTDIR], error_codes::NOT_FOUND),
        (
            &[libc::EACCES, libc::EIO, libc::EROFS],
            error_codes::UNWRITABLE,
        ),
    ] {
        for number in errors {
            assert_eq!(code_of(&error(*number)), code, "{number}");
            // A failure to keep metadata has its own code only if the code would otherwise be `Unwritable`.
            let kept = if code == error_codes::UNWRITABLE {
                error_codes::NOT_KEPT
            } else {
                code
            };
            assert_eq!(code_of(&not_kept(error(*number))), kept, "{number}");
        }
    }
    let words = not_kept(error(libc::EIO)).to_string();
    assert_eq!(words, error(libc::EIO).to_string());

    assert_eq!(unless_gone(Ok(1)).unwrap(), Some(1));
    for number in [libc::ENOENT, libc::ENOTDIR] {
        assert_eq!(unless_gone::<()>(Err(error(number))).unwrap(), None);
    }
    assert!(unless_gone::<()>(Err(error(libc::EACCES))).is_err());
}

use super::process::{Life, life_of, seconds};
use super::*;
use crate::testing::Tree;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

const OWN: &[u8] = b"host-1-2-r0123abcd";

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
        ".tandem-journal-host-1-2-r0123abcd",
        ".tandem-host-1-2-r0123abcd",
        ".tandem-host-1-2-r0123abcd-",
        ".tandem-host-1-2-r0123abcg-1",
        ".tandem-ho-st-1-2-r0123abcd-1",
        "x.tandem-host-1-2-r0123abcd-1",
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
        Run::parse(format!("{host}-{pid}-{started}-r00000000").as_bytes()).unwrap()
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
                let id = folder
                    .create(b"staged", b"new", Some(access), &steps)
                    .unwrap();
                let made = std::fs::metadata(tree.path().join("staged")).unwrap();
                assert_eq!(
                    (made.ino(), made.permissions().mode() & 0o7777),
                    (id.inode, mode)
                );
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

#[allow(clippy::unwrap_used)]
fn names(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

use super::*;
use crate::testing::Tree;
use crate::{ErrorCode, error_codes};
use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

const MAX: u64 = 1_000_000;

fn read(tree: &Tree, name: &str, want: Want) -> Result<(Vec<u8>, Option<Facts>), Box<Unread>> {
    // As the only file, by its path, and as one of many, by its name relative to an open folder.
    let mut answers = [1, 100].map(|files| {
        let mut place = Place::new(tree.root().to_vec(), files);
        let mut reader = Reader::new(MAX);
        reader
            .read(&mut place, name.as_bytes(), want)
            .map(|content| (content.bytes.to_vec(), content.facts()))
    });
    let [alone, many] = &answers;
    assert_eq!(alone.as_ref().ok(), many.as_ref().ok());
    assert_eq!(
        alone.as_ref().err().map(|unread| &unread.fault),
        many.as_ref().err().map(|unread| &unread.fault)
    );
    std::mem::replace(&mut answers[0], Ok((Vec::new(), None)))
}

fn code(tree: &Tree, name: &str, want: Want) -> ErrorCode {
    read(tree, name, want).unwrap_err().fault.code
}

#[test]
fn files_of_every_size_around_the_buffer_come_whole() {
    let tree = Tree::new();
    let mut reader = Reader::new(MAX);
    let mut place = Place::new(tree.root().to_vec(), 100);
    for size in [
        0,
        1,
        BUFFER_BYTES - 1,
        BUFFER_BYTES,
        BUFFER_BYTES + 1,
        2 * BUFFER_BYTES,
        500_000,
        7,
    ] {
        let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
        tree.file("x.json", &bytes);
        let want = Want {
            facts: [FactsWanted::Never, FactsWanted::Late, FactsWanted::First][size % 3],
            ..Want::default()
        };
        let content = reader.read(&mut place, b"x.json", want).unwrap();
        assert!(content.bytes == bytes, "{size}");
        assert_eq!(
            content.facts().map(|facts| facts.size),
            (want.facts != FactsWanted::Never).then_some(size as u64)
        );
    }
}

#[test]
fn a_file_over_the_limit_is_not_read_and_its_size_is_told() {
    let tree = Tree::new();
    tree.file("small.json", [b' '; 101])
        .file("large.json", vec![b' '; BUFFER_BYTES * 3]);
    for (name, size) in [("small.json", "101"), ("large.json", "393216")] {
        for facts in [FactsWanted::Never, FactsWanted::Late, FactsWanted::First] {
            let want = Want {
                facts,
                ..Want::default()
            };
            let mut reader = Reader::new(100);
            let unread = reader
                .read(
                    &mut Place::new(tree.root().to_vec(), 1),
                    name.as_bytes(),
                    want,
                )
                .err()
                .unwrap();
            let params = [("size", size.to_owned()), ("limit", "100".to_owned())];
            assert_eq!(
                (unread.fault.code, unread.fault.params()),
                (error_codes::TOO_LARGE, params.as_slice())
            );
            assert_eq!(unread.facts.is_some(), facts != FactsWanted::Never);
        }
    }
    let head = Want {
        head: 10,
        unlimited: true,
        ..Want::default()
    };
    let mut reader = Reader::new(5);
    let mut place = Place::new(tree.root().to_vec(), 1);
    assert_eq!(
        reader.read(&mut place, b"large.json", head).unwrap().bytes,
        [b' '; 10]
    );
}

#[test]
fn what_is_no_file_says_so_and_holds_nobody_up() {
    let tree = Tree::new();
    tree.folder("folder.json").file("file.json", "{}");
    #[cfg(target_os = "linux")]
    tree.pipe("pipe.json").socket("socket.json");
    for facts in [FactsWanted::Never, FactsWanted::Late, FactsWanted::First] {
        let want = Want {
            facts,
            ..Want::default()
        };
        assert_eq!(code(&tree, "none.json", want), error_codes::NOT_FOUND);
        assert_eq!(code(&tree, "a\0b.json", want), error_codes::NOT_FOUND);
        assert_eq!(code(&tree, "folder.json", want), error_codes::NOT_A_FILE);
        #[cfg(target_os = "linux")]
        for (name, expected) in [
            ("pipe.json", error_codes::NOT_A_FILE),
            ("socket.json", error_codes::NOT_A_FILE),
            ("file.json/x.json", error_codes::READ_FAILED),
        ] {
            assert_eq!(code(&tree, name, want), expected, "{name}");
        }
    }
    let mut gone = Place::new(tree.at("gone"), 100);
    assert_eq!(
        Reader::new(MAX)
            .read(&mut gone, b"x", Want::default())
            .err()
            .unwrap()
            .fault
            .code,
        error_codes::NOT_FOUND
    );
}

#[test]
fn facts_are_those_of_the_file_that_was_opened() {
    let tree = Tree::new();
    tree.file("x.json", "{}");
    let path = tree.path().join("x.json");
    let early = UNIX_EPOCH - Duration::from_nanos(1_500_000_001);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(early)
        .unwrap();
    let want = Want {
        facts: FactsWanted::First,
        head: 1,
        ..Want::default()
    };
    let (bytes, facts) = read(&tree, "x.json", want).unwrap();
    assert_eq!(
        (bytes.as_slice(), facts.unwrap().size),
        (b"{".as_slice(), 2)
    );
    assert_eq!(facts, Some(facts_of(&std::fs::metadata(&path).unwrap())));
    #[cfg(target_os = "linux")]
    assert_eq!(facts.unwrap().modified_ns, -1_500_000_001);
}

#[test]
fn a_buffer_blown_up_by_one_file_is_given_back() {
    let tree = Tree::new();
    tree.file("large.json", vec![b' '; KEPT_BYTES + 10])
        .file("small.json", "{}");
    let mut reader = Reader::new(u64::MAX);
    let mut place = Place::new(tree.root().to_vec(), 1);
    assert_eq!(
        reader
            .read(&mut place, b"large.json", Want::default())
            .unwrap()
            .bytes
            .len(),
        KEPT_BYTES + 10
    );
    assert_eq!(
        reader
            .read(&mut place, b"small.json", Want::default())
            .unwrap()
            .bytes,
        b"{}"
    );
    assert_eq!(reader.buffer.len(), BUFFER_BYTES);
}

/// Reads a file of this size that changes while it is read; returns its bytes, or the code of the error.
fn disturbed(size: usize, meanwhile: &str, want: Want) -> [Result<Vec<u8>, ErrorCode>; 2] {
    [1, 100].map(|files| {
        let tree = Tree::new();
        tree.file("x.sql", vec![b'x'; size]);
        // Otherwise a change might fall into the clock tick in which the file was created.
        let file = File::options().write(true).open(tree.path().join("x.sql"));
        file.unwrap().set_modified(UNIX_EPOCH).unwrap();
        let mut place = Place::new(tree.root().to_vec(), files);
        let instrument = Meanwhile::instrument(meanwhile);
        assert!(instrument.is_some(), "{meanwhile}");
        let mut reader = Reader::new(MAX).disturbed(instrument);
        let read = reader.read(&mut place, b"x.sql", want);
        read.map(|content| content.bytes.to_vec())
            .map_err(|unread| unread.fault.code)
    })
}

const STEADY: Want = Want {
    head: 0,
    facts: FactsWanted::Never,
    unlimited: false,
    steady: true,
};

#[test]
fn a_file_that_changes_between_two_reads_is_not_taken() {
    for size in [BUFFER_BYTES, BUFFER_BYTES + 1, 500_000] {
        for change in [
            "append:1",
            "empty:1",
            "overwrite:1",
            "append:2",
            "overwrite:2",
        ] {
            for read in disturbed(size, change, STEADY) {
                assert_eq!(read.err(), Some(error_codes::CHANGED), "{size} {change}");
            }
        }
        // Other readers do not check.
        for read in disturbed(size, "overwrite:1", Want::default()) {
            assert!(read.is_ok());
        }
    }
}

#[test]
fn a_file_that_changed_before_it_was_read_is_taken_as_it_is_now() {
    for size in [1, 2000, BUFFER_BYTES, 500_000] {
        for read in disturbed(size, "overwrite:0", STEADY) {
            let bytes = read.unwrap();
            assert!(bytes.len() == size && bytes[0] == b'-', "{size}");
        }
    }
    // One read takes all of it; a second one, if there is one, finds more.
    let [alone, many] = disturbed(2000, "append:1", STEADY);
    let whole = |read: &Result<Vec<u8>, ErrorCode>| {
        let bytes = read.as_ref().unwrap();
        assert!(bytes.len() == 2000 || bytes[..] == [&[b'x'; 2000][..], b" "].concat());
    };
    whole(&alone);
    whole(&many);
}

#[test]
fn steady_files_of_every_size_come_whole_after_one_another() {
    let tree = Tree::new();
    let mut reader = Reader::new(MAX);
    let mut place = Place::new(tree.root().to_vec(), 100);
    let sizes = [
        0,
        1,
        BUFFER_BYTES - 1,
        BUFFER_BYTES,
        BUFFER_BYTES + 1,
        7,
        500_000,
        400_000,
        600_000,
        0,
    ];
    for size in sizes {
        let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
        tree.file("x.sql", &bytes);
        let content = reader.read(&mut place, b"x.sql", STEADY).unwrap();
        assert!(content.bytes == bytes, "{size}");
    }
    tree.file("x.sql", vec![b' '; 200_001]);
    let mut strict = Reader::new(200_000);
    let unread = strict.read(&mut place, b"x.sql", STEADY).err().unwrap();
    let params = [
        ("size", "200001".to_owned()),
        ("limit", "200000".to_owned()),
    ];
    assert_eq!(
        (unread.fault.code, unread.fault.params()),
        (error_codes::TOO_LARGE, params.as_slice())
    );
}

/// The system generates files in /proc while they are read, a few kilobytes at a time.
#[cfg(target_os = "linux")]
#[test]
fn where_a_short_read_is_not_the_end_the_rest_is_read_too() {
    let Ok(expected) = std::fs::read("/proc/kallsyms") else {
        return;
    };
    let tree = Tree::new();
    tree.link("/proc/kallsyms", "link");
    for (folder, name) in [(b"/proc".as_slice(), "kallsyms"), (tree.root(), "link")] {
        let mut place = Place::new(folder.to_vec(), 100);
        let mut reader = Reader::new(u64::MAX);
        let content = reader.read(&mut place, name.as_bytes(), Want::default());
        assert!(
            content.is_ok_and(|content| content.bytes == expected),
            "{name}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_thread_with_descriptors_of_its_own_takes_none_from_the_others() {
    use std::io::Read;
    let tree = Tree::new();
    tree.file("mine", "mine").file("theirs", "theirs");
    let mut mine = File::options()
        .read(true)
        .write(true)
        .open(tree.path().join("mine"))
        .unwrap();
    assert_eq!(lock(&mine, libc::F_SETLK), Some(libc::F_WRLCK));
    let folder = tree.root().to_vec();
    let theirs = std::thread::spawn(move || {
        own_descriptors();
        let mut reader = Reader::new(MAX);
        let mut place = Place::new(folder, 100);
        reader
            .read(&mut place, b"theirs", Want::default())
            .unwrap()
            .bytes
            .to_vec()
    });
    assert_eq!(theirs.join().unwrap(), b"theirs");
    let mut text = String::new();
    mine.read_to_string(&mut text).unwrap();
    assert_eq!(text, "mine");
    let other = File::options()
        .write(true)
        .open(tree.path().join("mine"))
        .unwrap();
    assert_eq!(lock(&other, libc::F_OFD_GETLK), Some(libc::F_WRLCK));
}

/// Sets a lock of the process, or queries the lock that conflicts; returns its type. A process loses such a
/// lock when it closes any descriptor of the file, so the lock shows whether closing a descriptor table
/// closed one.
#[cfg(target_os = "linux")]
fn lock(file: &File, command: i32) -> Option<i32> {
    use std::os::fd::AsRawFd;
    // SAFETY: a structure of numbers, for which zeros are valid.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = i16::try_from(libc::F_WRLCK).ok()?;
    // SAFETY: the descriptor is open and the structure is writable, both for the whole call.
    let result = unsafe { libc::fcntl(file.as_raw_fd(), command, &raw mut lock) };
    (result == 0).then(|| i32::from(lock.l_type))
}

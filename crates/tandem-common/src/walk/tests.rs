use super::listing::Lister;
use super::{Class, Failure, Folder, Position, Visit, Walker};
#[cfg(target_os = "linux")]
use super::{EntryKind, listing::Kind, portable};
use crate::path::extension;
use crate::testing::Tree;
use proptest::prelude::*;
#[cfg(target_os = "linux")]
use std::collections::BTreeMap;

fn classify(name: &[u8]) -> Class {
    match extension(name) {
        Some(b"json") => Class::Candidate,
        Some(b"jpg") => Class::Image,
        _ => Class::Other,
    }
}

fn walker(tree: &Tree, after: Option<Position>) -> Walker {
    Walker::new(tree.root().into(), classify, after)
}

fn next(walker: &mut Walker) -> Option<Visit> {
    walker
        .next_folder()
        .map(|visit| visit.expect("the root is there"))
}

/// Every position of the order: each folder and then each of its candidates, as cursors.
fn places(mut walker: Walker) -> Vec<String> {
    let mut places = Vec::new();
    while let Some(Visit {
        folder,
        from,
        first,
    }) = next(&mut walker)
    {
        if first {
            places.push(Position::cursor(&folder.path, None));
        }
        let names = folder.candidates()[from..]
            .iter()
            .map(|entry| folder.name(*entry));
        places.extend(names.map(|name| Position::cursor(&folder.path, Some(name))));
    }
    places
}

#[test]
fn files_of_a_folder_come_before_its_folders_and_all_by_bytes() {
    let tree = Tree::new();
    for name in [
        "b.json",
        "B.json",
        "a/z.json",
        "a/é.json",
        "a.json",
        "a-/1.json",
        "a/b/1.json",
        "aé/1.json",
        "x.json/in.json",
    ] {
        tree.file(name, "{}");
    }
    let order: Vec<_> = places(walker(&tree, None))
        .iter()
        .map(|place| Position::parse(place).unwrap())
        .collect();
    let shown: Vec<_> = order
        .iter()
        .map(|place| {
            let candidate = place
                .candidate
                .as_ref()
                .map_or(String::new(), |name| String::from_utf8_lossy(name).into());
            format!("{}/{candidate}", String::from_utf8_lossy(&place.folder))
        })
        .collect();
    let expected = [
        "/",
        "/B.json",
        "/a.json",
        "/b.json",
        "a/",
        "a/z.json",
        "a/é.json",
        "a/b/",
        "a/b/1.json",
        "a-/",
        "a-/1.json",
        "aé/",
        "aé/1.json",
        "x.json/",
        "x.json/in.json",
    ];
    assert_eq!(shown, expected);
}

#[cfg(target_os = "linux")]
fn nasty() -> Tree {
    let tree = Tree::new();
    tree.file("a.json", "{}")
        .file(b"bad\xff.json", "{}")
        .file("new\nline.json", "{}")
        .file("._a.json", "")
        .file(".DS_Store", "");
    tree.file(".tandem-1/a.json", "")
        .file("@eaDir/a.json", "")
        .file("._d/a.json", "")
        .file("x.json/in.txt", "");
    tree.pipe("pipe.json")
        .socket("sock.json")
        .pipe("pipe.jpg")
        .link("sub", "linked")
        .link("sub", "linked.json")
        .link(".", "self");
    tree.link("a.json", "link.json")
        .link("nowhere", "broken.json")
        .link("l2.json", "l1.json")
        .link("l1.json", "l2.json");
    tree.link("/dev/null", "device.json")
        .link("a.json/x", "through.json")
        .link("gone.jpg", "broken.jpg")
        .file("i.jpg", "");
    tree.link("i.jpg", "link.jpg")
        .link("x", "@eaDir2")
        .file("sub/@eaDir", "")
        .folder("sub/deep");
    tree
}

#[cfg(target_os = "linux")]
#[test]
fn everything_is_a_candidate_an_image_or_passed_over_for_a_reason() {
    let tree = nasty();
    let folder = next(&mut walker(&tree, None)).unwrap().folder;
    let name = |entry: &super::Entry| {
        (
            String::from_utf8_lossy(folder.name(*entry)).into_owned(),
            entry.kind,
        )
    };
    let candidates: Vec<_> = folder.candidates().iter().map(name).collect();
    let expected = [
        ("a.json", EntryKind::File),
        ("bad\u{fffd}.json", EntryKind::File),
        ("broken.json", EntryKind::BrokenLink),
        ("l1.json", EntryKind::BrokenLink),
        ("l2.json", EntryKind::BrokenLink),
        ("link.json", EntryKind::Link),
        ("new\nline.json", EntryKind::File),
        ("through.json", EntryKind::BrokenLink),
    ];
    assert_eq!(
        candidates,
        expected.map(|(name, kind)| (name.to_owned(), kind))
    );
    let images: Vec<_> = folder.images().iter().map(name).collect();
    let expected = [
        ("broken.jpg", EntryKind::BrokenLink),
        ("i.jpg", EntryKind::File),
        ("link.jpg", EntryKind::Link),
    ];
    assert_eq!(images, expected.map(|(name, kind)| (name.to_owned(), kind)));
    // ._a.json ._d .DS_Store @eaDir; .tandem-1; pipe.json sock.json device.json; linked linked.json self
    assert_eq!(folder.skipped, [4, 1, 3, 3]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_portable_listing_says_the_same() {
    let tree = nasty();
    let mut fast = BTreeMap::<Vec<u8>, Kind>::new();
    let mut slow = BTreeMap::new();
    let mut lister = Lister::default();
    lister
        .list(tree.root(), true, &mut |name, kind| {
            assert!(fast.insert(name.to_vec(), kind).is_none());
        })
        .unwrap();
    portable::list(tree.root(), true, &mut |name, kind| {
        assert!(slow.insert(name.to_vec(), kind).is_none());
    })
    .unwrap();
    assert_eq!(fast, slow);
    for (path, failure) in [
        ("none", Failure::Missing),
        ("a.json", Failure::NotAFolder),
        ("linked", Failure::NotAFolder),
    ] {
        let path = tree.at(path);
        assert_eq!(lister.list(&path, false, &mut |_, _| {}), Err(failure));
        assert_eq!(portable::list(&path, false, &mut |_, _| {}), Err(failure));
    }
    // More names than fit into one call.
    for number in 0..9000 {
        tree.file(format!("many/{number:060}"), "");
    }
    let mut count = 0;
    lister
        .list(&tree.at("many"), false, &mut |_, kind| {
            count += usize::from(kind == Kind::File);
        })
        .unwrap();
    assert_eq!(count, 9000);
}

#[test]
fn a_root_that_cannot_be_walked_is_told_and_ends_the_walk() {
    let tree = Tree::new();
    tree.file("file", "");
    for (name, failure) in [("none", Failure::Missing), ("file", Failure::NotAFolder)] {
        let mut walker = Walker::new(tree.at(name).into(), classify, None);
        assert_eq!(walker.next_folder().map(Result::err), Some(Some(failure)));
        assert!(walker.next_folder().is_none());
    }
}

/// Tests run as root, whom permissions do not stop, so a folder that vanished stands for one that cannot be
/// read.
#[cfg(unix)]
#[test]
fn a_folder_that_is_gone_when_its_turn_comes_is_a_visit_with_its_failure() {
    let tree = Tree::new();
    for name in ["a/1.json", "b/1.json", "c/1.json", "d/1.json"] {
        tree.file(name, "{}");
    }
    let mut walker = walker(&tree, None);
    next(&mut walker);
    tree.remove("a")
        .remove("b")
        .remove("c")
        .file("b", "")
        .link("d", "c");
    let failures: Vec<_> = std::iter::from_fn(|| next(&mut walker))
        .map(|visit| (visit.first, visit.folder.failure))
        .collect();
    let expected = [
        Some(Failure::Missing),
        Some(Failure::NotAFolder),
        Some(Failure::NotAFolder),
        None,
    ];
    assert_eq!(failures, expected.map(|failure| (true, failure)));
}

#[test]
fn a_folder_lost_before_a_resumed_run_is_news_only_after_one_of_its_candidates() {
    let tree = Tree::new();
    tree.file("a/b/1.json", "{}").file("z/1.json", "{}");
    let after = |candidate: Option<&[u8]>| {
        Some(Position {
            folder: b"a/b".to_vec(),
            candidate: candidate.map(<[u8]>::to_vec),
        })
    };
    tree.remove("a");
    let mut silent = walker(&tree, after(None));
    assert_eq!(next(&mut silent).unwrap().folder.path, b"z");
    let mut told = walker(&tree, after(Some(b"0.json")));
    let visit = next(&mut told).unwrap();
    assert_eq!(
        (visit.folder.path.as_slice(), visit.folder.failure),
        (b"a/b".as_slice(), Some(Failure::Missing))
    );
    assert_eq!(next(&mut told).unwrap().folder.path, b"z");
}

#[test]
fn a_deep_tree_costs_no_call_stack_and_ends_at_the_longest_path() {
    let tree = Tree::new();
    let deep = vec!["d"; 400].join("/");
    tree.file(format!("{deep}/x.json"), "{}");
    assert_eq!(places(walker(&tree, None)).len(), 402);
    let folder = Folder::alone(&tree.at("d"), &mut Lister::default(), classify);
    assert!(folder.candidates().is_empty() && folder.failure.is_none());
}

fn names() -> impl Strategy<Value = Vec<(usize, bool)>> {
    prop::collection::vec((0..64_usize, any::<bool>()), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// From every position of the order, the walk continues with exactly the rest.
    #[test]
    fn resumed_anywhere_the_rest_is_the_rest(names in names()) {
        let tree = Tree::new();
        for (number, is_file) in names {
            // Six bits are a path of up to three of the folders a, a-, a.json and é: neighbours in the order
            // are likely.
            let parts = ["a", "a-", "a.json", "é"];
            let folder = format!("{}/{}/{}", parts[number & 3], parts[number >> 2 & 3], parts[number >> 4]);
            let folder = &folder[..folder.len() - if number % 5 == 0 { parts[number >> 4].len() + 1 } else { 0 }];
            if is_file { tree.file(format!("{folder}/{number}.json"), "{}"); } else { tree.folder(folder); }
        }
        let all = places(walker(&tree, None));
        for (index, place) in all.iter().enumerate() {
            let after = Position::parse(place);
            prop_assert!(after.is_some());
            prop_assert_eq!(&places(walker(&tree, after)), &all[index + 1..]);
        }
    }
}

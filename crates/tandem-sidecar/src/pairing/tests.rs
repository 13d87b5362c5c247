use super::*;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use tandem_common::path::stem;
use tandem_common::testing::Tree;
use tandem_common::walk::{Folder, Lister};

fn index(tree: &Tree) -> Index {
    Index::new(Arc::new(Folder::alone(
        tree.root(),
        &mut Lister::default(),
        classify,
    )))
}

#[test]
fn a_name_is_told_by_its_extension_in_any_case() {
    assert_eq!(classify(b"a.JSON"), Class::Candidate);
    assert_eq!(classify(b"a.Rkyv"), Class::Candidate);
    assert_eq!(classify(b"a.json.JpG"), Class::Image);
    assert_eq!(classify(b"a.CR3"), Class::Image);
    for name in [
        &b".json"[..],
        b"json",
        b"a.jsonl",
        b"a.",
        b"a.toolongforanimage",
        b".jpg",
    ] {
        assert_eq!(classify(name), Class::Other);
        assert_eq!(classify_unknown(name), Class::Unknown);
    }
    assert_eq!(classify_unknown(b"a.Json"), Class::Candidate);
    assert_eq!(classify_unknown(b"a.jxl"), Class::Image);
    for companion in [&b"a.xmp"[..], b"a.AAE", b"a.txt", b"a.thm"] {
        assert_eq!(classify_unknown(companion), Class::Other);
    }
    assert_eq!(classify_sidecars(b"a.jpg"), Class::Other);
    for known in IMAGE_EXTENSIONS {
        assert!(is_image(known.to_ascii_uppercase().as_bytes()), "{known}");
    }
}

/// The cases of `spec/vectors/pairing.json` under a key.
fn golden(key: &str) -> Vec<Value> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../spec/vectors/pairing.json"
    );
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    vectors[key].as_array().unwrap().clone()
}

/// The bytes of a name: UTF-8, or one byte per character.
fn bytes_of(case: &Value, name: &Value) -> Vec<u8> {
    let name = name.as_str().unwrap();
    if case["latin1"] == true {
        name.chars().map(|byte| byte as u8).collect()
    } else {
        name.as_bytes().to_vec()
    }
}

/// None if the file system does not allow such names.
fn folder_of(case: &Value) -> Option<(Tree, Index)> {
    if case["latin1"] == true && cfg!(not(target_os = "linux")) {
        return None;
    }
    let tree = Tree::new();
    for name in case["files"].as_array().unwrap() {
        tree.file(bytes_of(case, name), "");
    }
    let folder = Folder::alone(tree.root(), &mut Lister::default(), classify_unknown);
    Some((tree, Index::new(Arc::new(folder))))
}

#[test]
fn golden_pairs() {
    for case in golden("images") {
        let Some((_tree, index)) = folder_of(&case) else {
            continue;
        };
        let sidecar = bytes_of(&case, &case["sidecar"]);
        assert_eq!(classify(&sidecar), Class::Candidate, "{}", case["name"]);
        let image = index.image_of(&sidecar, &Finger::default());
        let found = image.map(|image| index.folder.name(image).to_vec());
        let expected = (!case["image"].is_null()).then(|| bytes_of(&case, &case["image"]));
        assert_eq!(found, expected, "{}", case["name"]);
        if expected.is_none() {
            let uncertain = case["uncertain"] == true;
            assert_eq!(
                index.may_have_image(&sidecar),
                uncertain,
                "{}",
                case["name"]
            );
        }
    }
}

#[test]
fn golden_covers() {
    for case in golden("covered") {
        let (_tree, index) = folder_of(&case).unwrap();
        let images = index.folder.images().iter();
        let names = images.map(|image| index.folder.name(*image));
        let covered = names.filter(|name| index.covers(name, &Finger::default()));
        let covered: BTreeSet<Vec<u8>> = covered.map(<[u8]>::to_vec).collect();
        let expected = case["covered"].as_array().unwrap().iter();
        let expected = expected.map(|name| bytes_of(&case, name)).collect();
        assert_eq!(covered, expected, "{}", case["name"]);
    }
}

#[cfg(unix)]
#[test]
fn an_image_that_is_a_link_is_covered_by_the_sidecar_of_its_target() {
    let tree = Tree::new();
    tree.file("real/a.jpg", "")
        .file("real/a.jpg.rkyv", "")
        .file("real/b.jpg", "")
        .file("real/c.jpg", "")
        .file("real/C.JSON", "");
    tree.folder("real/d.json").file("real/d.jpg", "");
    for name in ["a", "b", "c", "d", "gone"] {
        tree.link(
            &format!("../real/{name}.jpg"),
            format!("links/other-{name}.jpg"),
        );
    }
    for (name, covered) in [
        ("a", true),
        ("b", false),
        ("c", false),
        ("d", false),
        ("gone", false),
    ] {
        assert_eq!(
            covered_at_target(&tree.at(format!("links/other-{name}.jpg"))),
            covered,
            "{name}"
        );
    }
}

#[cfg(unix)]
#[test]
fn the_image_that_a_document_names_is_looked_for_where_it_may_be() {
    let tree = Tree::new();
    tree.file("a.jpg", "")
        .file("sub/b.jpg", "")
        .file("sub/c.json", "{}");
    let (root, folder) = (tree.at("/"), tree.at("sub/"));
    let root = &root[..root.len()];
    let is_there = |named: &[u8]| is_image_there(named, &folder, root);
    let absolute = tree.at("a.jpg");
    for named in [
        b"a.jpg".as_slice(),
        b"b.jpg",
        b"../a.jpg",
        b"..\\a.jpg",
        b"sub\\b.jpg",
        &absolute,
        b".",
    ] {
        assert!(is_there(named), "{}", String::from_utf8_lossy(named));
    }
    for named in [
        b"".as_slice(),
        b"c.jpg",
        b"a.jpg\0",
        b"a.jpg/x",
        b"/none/a.jpg",
        b"\\a.jpg",
    ] {
        assert!(!is_there(named), "{}", String::from_utf8_lossy(named));
    }
    // The name is too long to examine, so the image counts as existing.
    assert!(is_there(&[b'n'; 300]));
}

fn name() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a", "A", "b", "é", "É", "e\u{301}", ".a", ".jpg", ".JPG",
    ]);
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Compares the index with a literal implementation of the rule.
    #[test]
    fn the_index_does_what_the_rule_says(images in prop::collection::btree_set(name(), 0..8), sidecars in prop::collection::btree_set(name(), 1..6)) {
        let tree = Tree::new();
        for image in &images {
            tree.file(format!("{image}.png"), "");
        }
        for sidecar in &sidecars {
            tree.file(format!("{sidecar}.json"), "");
        }
        let index = index(&tree);
        let found: BTreeSet<Vec<u8>> = index.folder.images().iter().map(|image| index.folder.name(*image).to_vec()).collect();
        let belongs = |sidecar: &[u8], image: &[u8]| stem(sidecar) == image || stem(sidecar) == stem(image);
        let resembles = |sidecar: &[u8], image: &[u8]| [key(image), key(stem(image))].contains(&key(stem(sidecar)));
        let (images_at, sidecars_at) = (Finger::default(), Finger::default());
        for sidecar in index.folder.candidates() {
            let sidecar = index.folder.name(*sidecar);
            let expected = found.iter().find(|image| belongs(sidecar, image)).or_else(|| found.iter().find(|image| resembles(sidecar, image)));
            prop_assert_eq!(index.image_of(sidecar, &images_at).map(|image| index.folder.name(image).to_vec()), expected.cloned());
        }
        for image in &found {
            let expected = index.folder.candidates().iter().any(|sidecar| resembles(index.folder.name(*sidecar), image));
            prop_assert_eq!(index.covers(image, &sidecars_at), expected);
        }
    }
}

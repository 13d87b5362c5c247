use super::*;
use proptest::prelude::*;
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

fn image_of(index: &Index, sidecar: &str) -> Option<String> {
    let image = index.image_of(sidecar.as_bytes(), &Finger::default())?;
    Some(String::from_utf8_lossy(index.folder.name(image)).into())
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

#[test]
fn the_extension_is_replaced_or_added_and_bytes_go_before_keys() {
    let tree = Tree::new();
    for image in [
        "A.jpg",
        "B.JPG",
        "C.CR2",
        "C.jpg",
        "d.jpg",
        "D.png",
        "E.jpg",
        "E.jpg.png",
        "Éa.jpg",
        "no.txt",
    ] {
        tree.file(image, "");
    }
    let index = index(&tree);
    for (sidecar, image) in [
        ("A.json", Some("A.jpg")),
        ("A.jpg.bin", Some("A.jpg")),
        ("a.JPG.rkyv", Some("A.jpg")),
        ("b.json", Some("B.JPG")),
        // Several: the first by bytes.
        ("C.json", Some("C.CR2")),
        ("C.jpg.json", Some("C.jpg")),
        // Exactly this one, though another comes first.
        ("d.json", Some("d.jpg")),
        ("D.json", Some("D.png")),
        // The image itself comes before one that only begins so.
        ("E.jpg.json", Some("E.jpg")),
        ("E.jpg.png.json", Some("E.jpg.png")),
        ("E\u{301}A.json", Some("Éa.jpg")),
        ("no.json", None),
        ("no.txt.json", None),
        ("A.jpg.json.json", None),
        ("A..json", None),
    ] {
        assert_eq!(image_of(&index, sidecar).as_deref(), image, "{sidecar}");
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
    // Nobody can say that it is not there.
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

    /// The index against the rule read word by word.
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

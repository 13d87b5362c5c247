use super::*;
use crate::testing::Tree;
use crate::walk::Class;
use proptest::prelude::*;

fn classify(name: &[u8]) -> Class {
    if name.ends_with(b".json") {
        Class::Candidate
    } else {
        Class::Other
    }
}

fn batches(tree: &Tree, after: &str) -> Vec<Batch> {
    let after = (!after.is_empty()).then(|| Position::parse(after).expect("a cursor of ours"));
    Batches::new(Walker::new(tree.root().into(), classify, after))
        .map(|batch| batch.expect("the root is there"))
        .collect()
}

/// Path, range and first flag of each segment, and the cursor: all that a run can observe of a batch.
type Told = (Vec<(Vec<u8>, Range<usize>, bool)>, String);

fn told(batch: &Batch) -> Told {
    let segments = batch.segments.iter().map(|segment| {
        (
            segment.folder.path.clone(),
            segment.range.clone(),
            segment.first,
        )
    });
    (segments.collect(), batch.cursor.clone())
}

fn weight(batch: &Batch) -> usize {
    batch
        .segments
        .iter()
        .map(|segment| usize::from(segment.first) + segment.range.len())
        .sum()
}

#[test]
fn a_batch_closes_at_512_and_a_large_folder_goes_on_in_the_next() {
    let tree = Tree::new();
    for number in 0..1100 {
        tree.file(format!("{number:04}.json"), "");
    }
    tree.folder("a").file("b/x.json", "");
    let all = batches(&tree, "");
    assert_eq!(all.iter().map(weight).collect::<Vec<_>>(), [512, 512, 80]);
    assert_eq!(all[0].segments[0].range, 0..511);
    assert!(all[0].segments[0].first && !all[1].segments[0].first);
    assert_eq!(all[1].cursor, Position::cursor(b"", Some(b"1022.json")));
    assert_eq!(
        told(&all[2]).0[1..],
        [(b"a".to_vec(), 0..0, true), (b"b".to_vec(), 0..1, true)]
    );
}

#[test]
fn a_batch_that_a_folder_fills_leaves_its_candidates_to_the_next() {
    let tree = Tree::new();
    for number in 0..511 {
        tree.file(format!("a/{number:04}.json"), "");
    }
    // The root and folder a weigh 2, so one candidate is left; it begins the next batch, before z.
    tree.file("z/1.json", "");
    let all = batches(&tree, "");
    assert_eq!(all.iter().map(weight).collect::<Vec<_>>(), [512, 3]);
    tree.remove("a/0510.json");
    let all = batches(&tree, "");
    assert_eq!(all[0].cursor, Position::cursor(b"a", Some(b"0509.json")));
    tree.remove("a/0509.json");
    // Now z itself ends the batch, and its candidate follows the cursor of a folder.
    let all = batches(&tree, "");
    assert_eq!(all[0].cursor, Position::cursor(b"z", None));
    assert_eq!(told(&all[1]).0, [(b"z".to_vec(), 0..1, false)]);
}

#[test]
fn an_empty_root_is_one_batch_of_nothing() {
    let tree = Tree::new();
    let all = batches(&tree, "");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].cursor, Position::cursor(b"", None));
    assert!(batches(&tree, &all[0].cursor).is_empty());
}

#[test]
fn a_list_goes_by_512_and_its_cursor_is_a_number() {
    let ranges = |after| {
        let ranges = ListBatches::new(1025, after)?;
        Some(
            ranges
                .map(|range| (range.start, range.end))
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(ranges(""), Some(vec![(0, 512), (512, 1024), (1024, 1025)]));
    assert_eq!(ranges("1024"), Some(vec![(1024, 1025)]));
    assert_eq!(ranges("1025"), Some(vec![]));
    for bad in ["1026", "-1", "+1", "01", "x", "1 "] {
        assert_eq!(ranges(bad), None, "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Batches are the same whether or not the run was interrupted between two of them.
    #[test]
    fn resumed_after_any_batch_the_batches_are_the_same(folders in prop::collection::vec(prop_oneof![0..4_usize, 500..520_usize], 1..6)) {
        let tree = Tree::new();
        for (number, files) in folders.iter().enumerate() {
            tree.folder(format!("{}/{number}", number % 2));
            for file in 0..*files {
                tree.file(format!("{}/{number}/{file}.json", number % 2), "");
            }
        }
        let all = batches(&tree, "");
        for batch in &all[..all.len() - 1] {
            prop_assert!(weight(batch) == 512);
        }
        let all: Vec<_> = all.iter().map(told).collect();
        for (index, (_, cursor)) in all.iter().enumerate() {
            let rest: Vec<_> = batches(&tree, cursor).iter().map(told).collect();
            prop_assert_eq!(&rest, &all[index + 1..]);
        }
    }
}

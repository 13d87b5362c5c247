//! Archives and sealed files: round trips, rkyv's own serializer as the oracle, and random damage.
#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../../tandem-json/tests/random/mod.rs"]
mod random;

use proptest::prelude::*;
use random::{apply, cases, damage, json};
use rkyv::rancor::Error;
use tandem_json::same_tokens::same_tokens;
use tandem_json::scanner::{Detail, Scanner};
use tandem_json::tape::Tape;
use tandem_sidecar::document::{Body, Inspector, Limits};
use tandem_sidecar::formats::detect::{Sniffed, sniff};
use tandem_sidecar::formats::{Extension, Format, bin, legacy, rkyv as archive};
use tandem_sidecar::summary::summarize;

const DEPTH: u32 = 1024;
const LIMITS: Limits = Limits {
    max_size: 1 << 28,
    max_depth: DEPTH,
};

/// The bytes that rkyv's own serializer writes for the same document.
fn oracle(tape: &Tape) -> Vec<u8> {
    let document = archive::Document {
        text: tape.bytes.to_vec(),
        nodes: tape
            .nodes
            .iter()
            .map(|[kind, a, b]| archive::Node {
                kind: *kind,
                a: *a,
                b: *b,
            })
            .collect(),
    };
    rkyv::to_bytes::<Error>(&document).unwrap().to_vec()
}

fn archived(text: &[u8]) -> Vec<u8> {
    let mut scanner = Scanner::new(DEPTH);
    archive::write(&scanner.scan(text, Detail::Full).unwrap()).unwrap()
}

/// Whether the reader accepts an archive; checks that an accepted one is canonical and that rkyv accepts it
/// too.
fn check_archive(file: &[u8]) -> bool {
    let mut nodes = Vec::new();
    if sniff(file, file.len() as u64) != Sniffed::Is(Format::Rkyv) {
        return false;
    }
    let Ok(tape) = archive::read(file, DEPTH, &mut nodes) else {
        return false;
    };
    assert_eq!(archive::write(&tape).unwrap(), file);
    assert_eq!(archive::access(file), Ok(true));
    true
}

#[test]
fn an_empty_text_points_to_where_it_would_begin() {
    let file = archived(b"[]");
    assert_eq!(file.len(), 16 + 12 + 16);
    // From the root at 28 back to 16; from 36 back to 16; one node.
    let root: Vec<i32> = file[28..]
        .as_chunks()
        .0
        .iter()
        .map(|word| i32::from_le_bytes(*word))
        .collect();
    assert_eq!(root, [-12, 0, -20, 1]);
    assert!(check_archive(&file));
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn an_archive_is_what_rkyv_writes(text in json()) {
        let mut scanner = Scanner::new(DEPTH);
        let tape = scanner.scan(text.as_bytes(), Detail::Full).unwrap();
        let file = archive::write(&tape).unwrap();
        let mut nodes = Vec::new();
        let read = archive::read(&file, DEPTH, &mut nodes).unwrap();
        prop_assert!(same_tokens(&tape, &read));
        prop_assert_eq!(&file[16..], oracle(&read));
        prop_assert!(check_archive(&file));
        // Also at addresses without the alignment that rkyv requires.
        for shift in 1..4 {
            let mut moved = vec![0; shift];
            moved.extend_from_slice(&file);
            prop_assert!(check_archive(&moved[shift..]));
        }
        prop_assert_eq!(summarize(&tape).unwrap(), summarize(&read).unwrap());
    }

    #[test]
    fn an_outline_has_the_summary_of_the_full_tape(text in json()) {
        let (mut one, mut other) = (Scanner::new(DEPTH), Scanner::new(DEPTH));
        let full = one.scan(text.as_bytes(), Detail::Full).unwrap();
        let outline = other.scan(text.as_bytes(), Detail::Outline).unwrap();
        prop_assert_eq!(summarize(&full), summarize(&outline));
    }

    #[test]
    fn a_damaged_archive_is_canonical_or_refused(text in json(), damage in damage()) {
        let mut file = archived(text.as_bytes());
        apply(&mut file, &damage);
        check_archive(&file);
        Inspector::new(LIMITS, true).inspect(&file, Extension::Rkyv);
    }

    #[test]
    fn a_changed_word_is_canonical_or_refused(text in json(), word in any::<prop::sample::Index>(), value in 0..40_u32) {
        let mut file = archived(text.as_bytes());
        let at = 16 + word.index(file.len() / 4 - 4) * 4;
        file[at..at + 4].copy_from_slice(&value.to_le_bytes());
        check_archive(&file);
    }

    #[test]
    fn a_sealed_file_keeps_every_byte(text in json(), damage in damage()) {
        let mut scanner = Scanner::new(DEPTH);
        let tape = scanner.scan(text.as_bytes(), Detail::Full).unwrap();
        let mut file = bin::write(text.as_bytes(), &summarize(&tape).unwrap()).unwrap();
        let (mut inspector, mut reader) = (Inspector::new(LIMITS, true), Inspector::new(LIMITS, true));
        let whole = inspector.inspect(&file, Extension::Bin);
        prop_assert_eq!(whole.format, Some(Format::Bin));
        prop_assert!(matches!(whole.body, Some(Body::Text(body)) if body == text.as_bytes()));
        let mut said = whole.verdict.unwrap();
        let head = &file[..file.len() - text.len()];
        let glance = reader.summary_only(head, file.len() as u64, Extension::Bin).unwrap();
        said.image_path = None;
        prop_assert_eq!(glance.verdict.unwrap(), said);
        // An incomplete header means that more bytes are needed; it is not a fault.
        prop_assert!(reader.summary_only(&head[..40], file.len() as u64, Extension::Bin).is_none());

        let intact = file.clone();
        apply(&mut file, &damage);
        let sealed = file.starts_with(b"\x89TNDMB\r\n");
        let again = inspector.inspect(&file, Extension::Bin);
        prop_assert!(again.verdict.is_err() || !sealed || file == intact);
    }

    #[test]
    fn the_older_form_holds_the_text(text in json(), damage in damage()) {
        let mut scanner = Scanner::new(DEPTH);
        let tape = scanner.scan(text.as_bytes(), Detail::Full).unwrap();
        let mut file = legacy::write(text.as_bytes()).unwrap();
        let mut inspector = Inspector::new(LIMITS, false);
        let opened = inspector.open(&file, Extension::Rkyv).unwrap();
        prop_assert_eq!(opened.format, Format::Legacy);
        prop_assert!(same_tokens(&tape, &opened.tape));
        apply(&mut file, &damage);
        inspector.inspect(&file, Extension::Bin);
    }
}

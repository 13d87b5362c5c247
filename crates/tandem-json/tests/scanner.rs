//! Compares the verdicts of the scanner with those of `serde_json`, and checks the positions of its faults.
#![allow(clippy::unwrap_used, reason = "a test")]

mod random;

use proptest::prelude::*;
use random::{apply, cases, damage, json};
use serde::de::IgnoredAny;
use serde_json::Value;
use tandem_common::ErrorCode;
use tandem_json::error_codes;
use tandem_json::scanner::{Detail, Scanner};
use tandem_json::tape::{Node, Tape, kind};
use tandem_json::write::write_json;

const IN_TEXT: [ErrorCode; 3] = [
    error_codes::JSON_SYNTAX,
    error_codes::JSON_CONTROL,
    error_codes::JSON_ESCAPE,
];

fn oracle(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}

/// Checks the verdict, and the position of the fault: the text before it could still become JSON, the text up
/// to and including it could not.
fn check_text(bytes: &[u8]) {
    let mut scanner = Scanner::new(1024);
    let verdict = scanner
        .scan(bytes, Detail::Full)
        .map(|tape| tape.nodes.len());
    assert_eq!(verdict.is_ok(), oracle(bytes), "{verdict:?}");
    assert_eq!(scanner.scan(bytes, Detail::Outline).err(), verdict.err());
    let Err(fault) = verdict else {
        return;
    };
    let before = &bytes[..fault.offset];
    let prefix = scanner.scan(before, Detail::Full);
    let code = fault.code;
    if code == error_codes::JSON_TRAILING {
        assert!(prefix.is_ok());
    } else if code == error_codes::JSON_TRUNCATED {
        assert_eq!(fault.offset, bytes.len());
    } else if code == tandem_common::error_codes::INVALID_UTF8 {
        assert!(std::str::from_utf8(before).is_ok());
    } else if IN_TEXT.contains(&code) && !before.is_empty() {
        // The prefix is never complete: a number that ends here at the top level makes the fault
        // `JSON_TRAILING`.
        let cut = prefix.expect_err("a prefix that is whole has no fault at its end");
        assert_eq!(
            (cut.code, cut.offset),
            (error_codes::JSON_TRUNCATED, before.len())
        );
    }
}

/// A full tape without the nodes inside arrays.
fn outline(tape: &Tape) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut moved = vec![0; tape.nodes.len() + 1];
    let mut at = 0;
    for (index, node) in tape.nodes.iter().enumerate() {
        moved[index] = u32::try_from(nodes.len()).unwrap();
        if index < at {
            continue;
        }
        nodes.push(*node);
        at = if node[0] == kind::ARRAY {
            tape.after(index)
        } else {
            index + 1
        };
    }
    moved[tape.nodes.len()] = u32::try_from(nodes.len()).unwrap();
    for node in nodes
        .iter_mut()
        .filter(|node| matches!(node[0], kind::ARRAY | kind::OBJECT))
    {
        node[2] = moved[node[2] as usize];
    }
    nodes
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn takes_all_json(text in json()) {
        check_text(text.as_bytes());
        let mut scanner = Scanner::new(1024);
        prop_assert!(scanner.scan(text.as_bytes(), Detail::Full).is_ok());
    }

    #[test]
    fn judges_damaged_json_as_serde_does(text in json(), damage in damage()) {
        let mut bytes = text.into_bytes();
        apply(&mut bytes, &damage);
        check_text(&bytes);
    }

    #[test]
    fn judges_random_bytes_as_serde_does(bytes in prop::collection::vec(prop::sample::select(b"{}[]\",:\\u01-.eEtrufalsn \n\xc3\xa9".to_vec()), 0..24)) {
        check_text(&bytes);
    }

    #[test]
    fn an_outline_leaves_out_what_is_in_arrays(text in json()) {
        let (mut one, mut other) = (Scanner::new(1024), Scanner::new(1024));
        let full = one.scan(text.as_bytes(), Detail::Full).unwrap();
        let short = other.scan(text.as_bytes(), Detail::Outline).unwrap();
        prop_assert_eq!(outline(&full), short.nodes);
    }

    #[test]
    fn what_is_written_says_the_same(text in json()) {
        let mut scanner = Scanner::new(1024);
        let tape = scanner.scan(text.as_bytes(), Detail::Full).unwrap();
        let mut written = Vec::new();
        write_json(&mut written, &tape, 0).unwrap();
        prop_assert!(!written.iter().any(|byte| *byte < 0x20));
        // `Value` represents neither lone surrogates nor numbers beyond a double.
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            prop_assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), value);
        }
        let mut again = Scanner::new(1024);
        let mut twice = Vec::new();
        let tape = again.scan(&written, Detail::Full).unwrap();
        write_json(&mut twice, &tape, 0).unwrap();
        prop_assert_eq!(written, twice);
    }
}

#[test]
fn nests_without_recursion() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let mut text = open.repeat(300_000);
        text.push('1');
        text.push_str(&close.repeat(300_000));
        let mut scanner = Scanner::new(300_000);
        assert!(scanner.scan(text.as_bytes(), Detail::Full).is_ok());
        let mut scanner = Scanner::new(299_999);
        let fault = scanner.scan(text.as_bytes(), Detail::Full).unwrap_err();
        assert_eq!(
            (fault.code, fault.offset),
            (error_codes::TOO_DEEP, 299_999 * open.len())
        );
    }
}

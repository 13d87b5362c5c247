//! The golden cases of spec/vectors, for which both engines must give the same results.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use serde_json::Value;
use tandem_common::Fault;
use tandem_json::scanner::{Detail, Scanner};
use tandem_json::tape::{Tape, kind};
use tandem_json::write::write_json;
use tandem_sidecar::document::{Body, Inspector, Limits};
use tandem_sidecar::formats::{Extension, Format, bin, rkyv};
use tandem_sidecar::generated::detection::OPERATIONS;
use tandem_sidecar::summary::{Ownership, Summary, summarize};

const LIMITS: Limits = Limits {
    max_size: 1 << 28,
    max_depth: 1024,
};

fn vectors(name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/vectors");
    std::fs::read(root.join(name)).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text
        .chars()
        .map(|digit| digit.to_digit(16).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap())
        .collect()
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0, 0);
    for digit in text.chars().filter_map(|letter| ALPHABET.find(letter)) {
        word = word << 6 | digit;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xff).unwrap());
        }
    }
    bytes
}

fn param<'a>(fault: &'a Fault, name: &str) -> Option<&'a str> {
    let found = fault.params().iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn verdicts_and_places() {
    let file: Value = serde_json::from_slice(&vectors("json.json")).unwrap();
    let max_depth = u32::try_from(file["max_depth"].as_u64().unwrap()).unwrap();
    let mut inspector = Inspector::new(
        Limits {
            max_depth,
            ..LIMITS
        },
        true,
    );
    for case in file["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let bytes = match case["base64"].as_str() {
            Some(text) => base64(text),
            None => case["text"].as_str().unwrap().as_bytes().to_vec(),
        };
        let verdict = inspector.inspect(&bytes, Extension::Json).verdict;
        let Some(code) = case["code"].as_str() else {
            assert!(verdict.is_ok(), "{name}: {verdict:?}");
            continue;
        };
        let fault = verdict.expect_err(name);
        assert_eq!(fault.code.code(), code, "{name}");
        assert_eq!(fault.offset, case["offset"].as_u64(), "{name}");
        assert_eq!(fault.line, case["line"].as_u64(), "{name}");
        assert_eq!(fault.column, case["column"].as_u64(), "{name}");
        for key in ["expected", "found"] {
            if let Some(value) = case[key].as_str() {
                assert_eq!(param(&fault, key), Some(value), "{name}: {key}");
            }
        }
        for unfilled in ["{expected}", "{found}", "{limit}"] {
            assert!(!fault.message().contains(unfilled), "{name}");
        }
    }
}

/// The vectors are read with Tandem's own scanner, because `serde_json` rejects lone surrogates.
#[test]
fn summaries() {
    let file = vectors("summary.json");
    let mut scanner = Scanner::new(64);
    let vectors = scanner.scan(&file, Detail::Full).unwrap();
    let cases = vectors.get(0, b"cases").unwrap();
    let mut seen = 0;
    for case in vectors.elements(cases) {
        let field = |key: &str| vectors.get(case, key.as_bytes()).unwrap();
        let name = String::from_utf8_lossy(vectors.raw(field("name"))).into_owned();
        let text = vectors.text(field("text")).unwrap();
        for detail in [Detail::Outline, Detail::Full] {
            let mut scanner = Scanner::new(64);
            let tape = scanner.scan(&text, detail).unwrap();
            check_summary(&name, &summarize(&tape).unwrap(), &vectors, field("says"));
        }
        seen += 1;
    }
    assert!(seen > 30);
}

#[test]
fn owners() {
    let vectors: serde_json::Value = serde_json::from_slice(&vectors("ownership.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 60);
    for case in cases {
        let field = |key: &str| case[key].as_str().unwrap();
        for detail in [Detail::Outline, Detail::Full] {
            let mut scanner = Scanner::new(64);
            let tape = scanner.scan(field("text").as_bytes(), detail).unwrap();
            let said = match summarize(&tape).unwrap().ownership {
                Ownership::Ours => "ours",
                Ownership::Nobodys => "nobody",
                Ownership::Foreign(kind) => kind,
            };
            assert_eq!(said, field("owner"), "{}", field("name"));
        }
    }
}

fn check_summary(name: &str, summary: &Summary, vectors: &Tape, says: usize) {
    let text = |key: &str| {
        let node = vectors.get(says, key.as_bytes())?;
        Some(vectors.text(node).unwrap().into_owned())
    };
    let operation = OPERATIONS[summary.operation].name.as_bytes();
    assert_eq!(
        text("operation").as_deref().unwrap_or(b"unknown"),
        operation,
        "{name}"
    );
    let detections = text("detections").unwrap_or(b"0".to_vec());
    assert_eq!(
        detections,
        summary.detections.to_string().as_bytes(),
        "{name}"
    );
    let success = vectors
        .get(says, b"success")
        .map(|node| vectors.kind(node) == kind::TRUE);
    assert_eq!(summary.success, success, "{name}");
    assert_eq!(summary.tool.as_deref(), text("tool").as_deref(), "{name}");
    assert_eq!(
        summary.processing_time,
        text("processing_time").as_deref(),
        "{name}"
    );
    assert_eq!(
        summary.created_at.as_deref(),
        text("created_at").as_deref(),
        "{name}"
    );
    assert_eq!(
        summary.last_updated.as_deref(),
        text("last_updated").as_deref(),
        "{name}"
    );
    assert_eq!(
        summary.image_path.as_deref(),
        text("image_path").as_deref(),
        "{name}"
    );
}

#[test]
fn layouts() {
    let file: Value = serde_json::from_slice(&vectors("formats.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let text = case["text"].as_str().unwrap().as_bytes();
        let (sealed, archive) = (
            hex(case["bin"].as_str().unwrap()),
            hex(case["rkyv"].as_str().unwrap()),
        );
        let mut scanner = Scanner::new(64);
        let tape = scanner.scan(text, Detail::Full).unwrap();
        assert_eq!(rkyv::write(&tape).unwrap(), archive, "{name}");
        assert_eq!(
            bin::write(text, &summarize(&tape).unwrap()).unwrap(),
            sealed,
            "{name}"
        );

        let mut inspector = Inspector::new(LIMITS, false);
        let opened = inspector.inspect(&sealed, Extension::Bin);
        assert!(
            matches!(opened.body, Some(Body::Text(body)) if body == text),
            "{name}"
        );
        let mut reader = Inspector::new(LIMITS, false);
        let block = reader
            .summary_only(&sealed, sealed.len() as u64, Extension::Bin)
            .unwrap();
        assert_eq!(
            block.verdict.unwrap(),
            Summary {
                image_path: None,
                ..opened.verdict.unwrap()
            },
            "{name}"
        );

        assert_eq!(rkyv::access(&archive), Ok(true), "{name}");
        let document = inspector.open(&archive, Extension::Rkyv).unwrap();
        let mut written = Vec::new();
        write_json(&mut written, &document.tape, 0).unwrap();
        let mut scanner = Scanner::new(64);
        let again = scanner.scan(&written, Detail::Full).unwrap();
        assert!(
            tandem_json::same_tokens::same_tokens(&tape, &again),
            "{name}"
        );
    }
}

#[test]
fn damaged_files() {
    let file: Value = serde_json::from_slice(&vectors("damaged-formats.json")).unwrap();
    let limits = Limits {
        max_depth: u32::try_from(file["max_depth"].as_u64().unwrap()).unwrap(),
        ..LIMITS
    };
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() > 150);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let extension = Extension::of(case["extension"].as_str().unwrap().as_bytes()).unwrap();
        let bytes = hex(case["hex"].as_str().unwrap());
        let mut inspector = Inspector::new(limits, false);
        let inspection = inspector.inspect(&bytes, extension);
        let params = case["params"].as_object().unwrap();
        let Some(code) = case["code"].as_str() else {
            assert!(
                inspection.verdict.is_ok(),
                "{name}: {:?}",
                inspection.verdict
            );
            let format = inspection.format.map(Format::name);
            assert_eq!(format, params["format"].as_str(), "{name}");
            assert_eq!(
                inspection.findings.len(),
                usize::from(params.contains_key("mismatch")),
                "{name}"
            );
            continue;
        };
        let fault = inspection.verdict.expect_err(name);
        assert_eq!(fault.code.code(), code, "{name}");
        assert_eq!(fault.offset, case["offset"].as_u64(), "{name}");
        if name == "a pointer to the text of -2147483648" {
            // bytecheck rejects it too, at any alignment.
            for shift in 0..4 {
                let moved = [&vec![0; shift], &bytes[..]].concat();
                assert_eq!(rkyv::access(&moved[shift..]), Ok(false), "{shift}");
            }
        }
        for (key, value) in params {
            assert_eq!(param(&fault, key), value.as_str(), "{name}: {key}");
        }
    }
}

#[test]
fn a_head_asks_for_what_it_lacks() {
    let file: Value = serde_json::from_slice(&vectors("formats.json")).unwrap();
    let sealed = hex(file["cases"][0]["bin"].as_str().unwrap());
    let text_start = sealed.len() - 2;
    for length in 0..text_start {
        let needed = if length < 36 { 36 } else { text_start as u64 };
        let head = bin::read_head(&sealed[..length], sealed.len() as u64);
        assert!(
            matches!(head, Ok(bin::Head::Needs(end)) if end == needed),
            "{length}"
        );
    }
    let Ok(bin::Head::Seal(seal)) = bin::read_head(&sealed[..text_start], sealed.len() as u64)
    else {
        panic!("it has all that it needs");
    };
    assert_eq!(seal.text_start, text_start);
    assert_eq!(seal.summary, &sealed[32..text_start - 4]);
}

//! The inspection of files, case by case: formats by content, faults of the layouts in their order, findings.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fmt::Write as _;

use tandem_json::scanner::{Detail, Scanner};
use tandem_sidecar::document::{Inspector, Limits};
use tandem_sidecar::formats::{Extension, Format, bin, legacy, rkyv};
use tandem_sidecar::summary::summarize;

const LIMITS: Limits = Limits {
    max_size: 10_000,
    max_depth: 3,
};

/// `format code offset message`, or `format` and the findings.
fn told(bytes: &[u8], extension: Extension) -> String {
    let mut inspector = Inspector::new(LIMITS, true);
    let answer = inspector.inspect(bytes, extension);
    let format = answer.format.map_or("-", Format::name);
    let mut findings = String::new();
    for one in &answer.findings {
        write!(findings, " {}@{}", one.name, one.offset).unwrap();
    }
    match answer.verdict {
        Ok(_) => format!("{format}{findings}"),
        Err(fault) => {
            let offset = fault
                .offset
                .map_or("-".to_string(), |offset| offset.to_string());
            let code = fault
                .code
                .code()
                .trim_start_matches("ERR_TANDEM_")
                .to_string();
            format!("{format} {code}@{offset}: {}{findings}", fault.message())
        }
    }
}

fn sealed(text: &str) -> Vec<u8> {
    let mut scanner = Scanner::new(64);
    let tape = scanner.scan(text.as_bytes(), Detail::Full).unwrap();
    bin::write(text.as_bytes(), &summarize(&tape).unwrap()).unwrap()
}

fn archived(text: &str) -> Vec<u8> {
    let mut scanner = Scanner::new(64);
    rkyv::write(&scanner.scan(text.as_bytes(), Detail::Full).unwrap()).unwrap()
}

/// The file with some bytes replaced; a negative `at` counts from the end.
fn with(mut file: Vec<u8>, at: isize, bytes: &[u8]) -> Vec<u8> {
    let at = at
        .checked_add_unsigned(if at < 0 { file.len() } else { 0 })
        .and_then(|at| usize::try_from(at).ok())
        .unwrap();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// Recomputes both checksums.
fn resealed(mut file: Vec<u8>) -> Vec<u8> {
    let end = 32 + usize::try_from(u32::from_le_bytes(file[28..32].try_into().unwrap())).unwrap();
    let text = crc32fast::hash(&file[end + 4..]);
    file[24..28].copy_from_slice(&text.to_le_bytes());
    let head = crc32fast::hash(&file[..end]);
    file[end..end + 4].copy_from_slice(&head.to_le_bytes());
    file
}

#[test]
fn formats_are_told_by_content() {
    use Extension::{Bin, Json, Rkyv};
    let old = legacy::write(br#"{"a":1.0}"#).unwrap();
    for (bytes, extension, expected) in [
        (&b"{}"[..], Json, "json"),
        (b"{}", Bin, "json extension_mismatch@0"),
        (&sealed("{}"), Json, "bin extension_mismatch@0"),
        (&archived("{}"), Rkyv, "rkyv"),
        (&old, Rkyv, "legacy"),
        (&old, Json, "legacy extension_mismatch@0"),
        (
            &old[..16],
            Bin,
            "legacy LEGACY_LENGTH@0: the length in the older tool's header is 9 bytes, but 8 follow",
        ),
        (b"", Json, "- EMPTY_FILE@0: the file is empty"),
        (b"", Rkyv, "- EMPTY_FILE@0: the file is empty"),
        (
            b"GIF89a",
            Bin,
            "- UNKNOWN_FORMAT@0: not a known sidecar format",
        ),
        (
            b"GIF89a",
            Json,
            "json JSON_SYNTAX@0: expected a value, found 'G'",
        ),
        (
            b"\xef\xbb\xbf{}",
            Bin,
            "json JSON_BOM@0: the text begins with a byte order mark, which JSON does not allow",
        ),
        (
            b"  ",
            Rkyv,
            "json JSON_TRUNCATED@2: the text ends where a value should follow",
        ),
        (
            &[b' '; 10_001],
            Json,
            "json TOO_LARGE@-: the file is 10001 bytes, more than the limit of 10000",
        ),
        (
            b"[[[[",
            Json,
            "json TOO_DEEP@3: arrays and objects are nested deeper than 3",
        ),
    ] {
        assert_eq!(told(bytes, extension), expected);
    }
    let shifted = [&12_u64.to_le_bytes()[..], b"{\"a\":\n  tru}"].concat();
    let fault = Inspector::new(LIMITS, false)
        .inspect(&shifted, Extension::Bin)
        .verdict
        .unwrap_err();
    assert_eq!(
        (fault.offset, fault.line, fault.column),
        (Some(19), Some(2), Some(6))
    );
}

#[test]
fn sealed_files_are_tested_in_order() {
    let good = sealed("{}");
    assert_eq!((good.len(), good[28]), (36 + 126 + 2, 126));
    for (file, expected) in [
        (
            good[..20].to_vec(),
            "BIN_TRUNCATED@20: the sealed file is truncated: 20 of 36 bytes",
        ),
        (
            with(good.clone(), 8, &[2]),
            "BIN_VERSION@8: unknown version 2 of the sealed format",
        ),
        (
            with(good.clone(), 10, &[5, 1]),
            "BIN_VERSION@8: unknown version 1 flags 0x0105 of the sealed format",
        ),
        (
            good[..100].to_vec(),
            "BIN_TRUNCATED@100: the sealed file is truncated: 100 of 164 bytes",
        ),
        (
            with(good.clone(), 28, &[255; 4]),
            "BIN_TRUNCATED@164: the sealed file is truncated: 164 of 4294967333 bytes",
        ),
        (
            with(with(good.clone(), 28, &[255; 4]), 16, &[255; 8]),
            "BIN_TRUNCATED@164: the sealed file is truncated: 164 of 18446744078004518946 bytes",
        ),
        (
            with(good.clone(), 40, b"X"),
            "BIN_CHECKSUM@158: wrong checksum of the header",
        ),
        (
            good[..163].to_vec(),
            "BIN_TRUNCATED@163: the sealed file is truncated: 163 of 164 bytes",
        ),
        (
            [&good[..], b" "].concat(),
            "BIN_TRAILING@164: the sealed file is 165 bytes, but its header says 164",
        ),
        (
            with(good.clone(), -1, b"]"),
            "BIN_CHECKSUM@24: wrong checksum of the document",
        ),
        (
            resealed(with(good.clone(), -1, b"]")),
            "JSON_SYNTAX@163: expected a key or '}', found ']'",
        ),
        (
            resealed(with(good.clone(), 69, b"1")),
            "BIN_SUMMARY@32: the summary does not match the document",
        ),
    ] {
        assert_eq!(told(&file, Extension::Bin), format!("bin {expected}"));
    }
    // A summary made with another detection table is not checked.
    let other = resealed(with(with(good, 12, &[9]), 69, b"1"));
    assert_eq!(told(&other, Extension::Bin), "bin");
}

#[test]
fn archives_are_tested_in_order() {
    // Text `a1b` and a zero; nodes at 20, 32, 44, 56 and 68; the root at 80.
    let good = archived(r#"{"a":[1,"b"]}"#);
    assert_eq!(good.len(), 96);
    let word = |at: isize, value: u32| with(good.clone(), at, &value.to_le_bytes());
    let node = |node: u32| {
        format!(
            "RKYV_NODE@{}: node {node} of the archive is invalid",
            20 + 12 * node
        )
    };
    let layout = |at: u32| {
        format!("RKYV_LAYOUT@{at}: the layout of the archive is not the one Tandem writes")
    };
    for (file, expected) in [
        (
            good[..31].to_vec(),
            "RKYV_TRUNCATED@31: the archive is truncated".to_string(),
        ),
        (
            word(8, 2),
            "RKYV_VERSION@8: unknown version 2 of the archive format".to_string(),
        ),
        (
            word(12, 1),
            "RKYV_VERSION@8: unknown version 1 of the archive format".to_string(),
        ),
        (good[..92].to_vec(), layout(76)),
        (word(80, 0), layout(80)),
        (word(84, 9), layout(80)),
        (word(88, 0), layout(88)),
        (with(good.clone(), 19, b"x"), layout(19)),
        (word(20, 5), node(0)),
        (word(20, 7), node(0)),
        (word(24, 6), node(0)),
        (word(24, 2), node(0)),
        (word(28, 4), node(0)),
        (word(32, 3), node(1)),
        (word(36, 1), node(1)),
        (word(40, 9), node(1)),
        (word(48, 1), node(2)),
        (word(48, 0), node(2)),
        (word(56, 1), node(3)),
        (
            with(good.clone(), 17, b"x"),
            "RKYV_NUMBER@56: node 3 is not a JSON number".to_string(),
        ),
        (
            with(good.clone(), 18, b"\xff"),
            "RKYV_TEXT@68: the text of node 4 does not fit its kind".to_string(),
        ),
        (word(76, 0), layout(84)),
    ] {
        assert_eq!(told(&file, Extension::Rkyv), format!("rkyv {expected}"));
    }
    assert_eq!(
        told(&archived("[[[[]]]]"), Extension::Rkyv),
        "rkyv TOO_DEEP@52: arrays and objects are nested deeper than 3"
    );
    // An archive without nodes.
    let empty = [&good[..16], &[0; 16]].concat();
    assert_eq!(
        told(&with(empty, 24, &(-8_i32).to_le_bytes()), Extension::Rkyv),
        format!("rkyv {}", layout(28))
    );
}

#[test]
fn findings_have_their_places() {
    for (text, expected) in [
        (
            r#"{"a":1,"b":{"a":2,"\u0061":3},"a":4,"a":5}"#,
            "json duplicate_key@18 duplicate_key@30 duplicate_key@36",
        ),
        (
            r#"["\ud800","\ud83d\ude00","\udc00x"]"#,
            "json not_an_object@0 lone_surrogate@1 lone_surrogate@25",
        ),
        (
            r#"{"\udfff":9007199254740993,"x":1e999}"#,
            "json lone_surrogate@1 number_beyond_2_53@10 number_beyond_double@31",
        ),
        ("1e-999", "json not_an_object@0"),
        (
            "{}\n\0\0",
            "json JSON_TRAILING@3: unexpected text after the document: byte 0x00 nul_tail@3",
        ),
        (
            "{}\0x",
            "json JSON_TRAILING@2: unexpected text after the document: byte 0x00",
        ),
        (
            "{\0\0",
            "json JSON_SYNTAX@1: expected a key or '}', found byte 0x00",
        ),
    ] {
        assert_eq!(told(text.as_bytes(), Extension::Json), expected);
    }
    let archive = archived(r#"{"ab":1e999,"\ud800":1,"ab":2}"#);
    assert_eq!(
        told(&archive, Extension::Rkyv),
        "rkyv number_beyond_double@18 lone_surrogate@23 duplicate_key@27"
    );
    let huge = format!("[1{}]", "0".repeat(400));
    assert_eq!(
        told(huge.as_bytes(), Extension::Json),
        "json not_an_object@0 number_beyond_double@1"
    );
}

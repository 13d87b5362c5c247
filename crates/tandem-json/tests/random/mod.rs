//! Random JSON texts and random damage, for the differential tests.
#![allow(dead_code, reason = "each test uses a part")]

use proptest::collection::vec;
use proptest::prelude::*;

/// New cases on every run; no regression files are written.
pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Random JSON text with all variations: white space, escapes, surrogates, duplicate keys, numbers of any
/// size.
pub fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        number(),
        string(),
        Just("true".to_string()),
        Just("false".to_string()),
        Just("null".to_string()),
    ];
    let value = leaf.prop_recursive(5, 48, 6, |inner| {
        let spaced = (space(), inner, space())
            .prop_map(|(before, value, after)| before + &value + &after)
            .boxed();
        let entry = (space(), key(), space(), spaced.clone())
            .prop_map(|(before, key, after, value)| format!("{before}{key}{after}:{value}"));
        prop_oneof![
            (space(), vec(spaced, 0..6))
                .prop_map(|(space, items)| format!("[{space}{}]", items.join(","))),
            (space(), vec(entry, 0..6))
                .prop_map(|(space, items)| format!("{{{space}{}}}", items.join(","))),
        ]
    });
    (space(), value, space()).prop_map(|(before, value, after)| before + &value + &after)
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(String::new()),
        2 => Just(" ".to_string()),
        1 => vec(prop::sample::select(vec![" ", "\n", "\t", "\r", "        "]), 0..5).prop_map(|parts| parts.concat()),
    ]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i16>().prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f32>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(|number| format!("{number:?}")),
        prop::sample::select(vec![
            "0",
            "-0",
            "1e5",
            "1E+400",
            "-2.50e-3",
            "9007199254740993",
            "3.0",
            "0.1e-400"
        ])
        .prop_map(str::to_string),
    ]
}

fn key() -> impl Strategy<Value = String> {
    let known = vec![
        "face_detection",
        "Face_detector",
        "data",
        "result",
        "detection",
        "count",
        "num_faces",
        "faces",
        "tool_name",
        "model",
        "success",
        "processing_time",
        "sidecar_info",
        "operation_type",
        "created_at",
        "updated_at",
        "image_path",
        "metadata",
        "yolov8",
        "f\\u0061ces",
    ];
    prop_oneof![3 => prop::sample::select(known).prop_map(|key| format!("\"{key}\"")), 1 => string()]
}

fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => prop::sample::select(vec!["a", "face_detection", "unified", "0", "\u{e9}", "\u{1f600}", "\u{7f}", "12345678"]).prop_map(str::to_string),
        2 => prop::sample::select(vec!["\\n", "\\\"", "\\\\", "\\/", "\\b", "\\u0000", "\\u00e9", "\\ud83d\\ude00", "\\uD800", "\\udc00", "\\uffff"])
            .prop_map(str::to_string),
        1 => any::<u16>().prop_map(|unit| format!("\\u{unit:04X}")),
        1 => any::<char>().prop_filter("plain", |c| *c >= ' ' && *c != '"' && *c != '\\').prop_map(String::from),
    ];
    vec(part, 0..6).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

/// One change to some bytes.
#[derive(Clone, Debug)]
pub enum Damage {
    Set(prop::sample::Index, u8),
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Cut(prop::sample::Index),
    Append(u8),
    /// Copies four bytes from elsewhere, which are plausible as a word of a layout.
    Copy(prop::sample::Index, prop::sample::Index),
}

pub fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let index = any::<prop::sample::Index>;
    let byte = prop_oneof![
        any::<u8>(),
        prop::sample::select(b"{}[]\",:\\u0129-+.eEtfn \n\0/\xed\xa0\x80".to_vec()),
    ];
    let one = prop_oneof![
        4 => (index(), byte.clone()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        2 => (index(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        3 => (index(), byte.clone()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        3 => index().prop_map(Damage::Remove),
        1 => index().prop_map(Damage::Cut),
        1 => byte.prop_map(Damage::Append),
        2 => (index(), index()).prop_map(|(from, to)| Damage::Copy(from, to)),
    ];
    vec(one, 1..4)
}

pub fn apply(bytes: &mut Vec<u8>, damage: &[Damage]) {
    for one in damage {
        match one {
            Damage::Append(byte) => bytes.push(*byte),
            _ if bytes.is_empty() => {}
            Damage::Set(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Damage::Flip(at, bit) => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            Damage::Insert(at, byte) => bytes.insert(at.index(bytes.len()), *byte),
            Damage::Remove(at) => {
                bytes.remove(at.index(bytes.len()));
            }
            Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Damage::Copy(from, to) => {
                let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                for step in 0..4.min(bytes.len() - from.max(to)) {
                    bytes[to + step] = bytes[from + step];
                }
            }
        }
    }
}

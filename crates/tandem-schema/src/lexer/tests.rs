use super::{Statement, StatementKind, check, split};
use proptest::prelude::*;
use serde_json::{Value, json};

fn told(text: &[u8]) -> Value {
    let mut findings = Vec::new();
    check(text, &mut findings, |_| {});
    let told = findings.iter().map(|fault| {
        let params: serde_json::Map<String, Value> = fault
            .params()
            .iter()
            .map(|(name, value)| ((*name).into(), value.clone().into()))
            .collect();
        json!({"code": fault.code.code(), "offset": fault.offset, "params": params})
    });
    told.collect()
}

fn cut(statement: Statement) -> Value {
    let kind = match statement.kind {
        StatementKind::Sql => "sql",
        StatementKind::Copy => "copy",
        StatementKind::Psql => "psql",
    };
    let Statement { range, data, .. } = statement;
    match data {
        None => json!([kind, range.start, range.end]),
        Some(data) => json!([kind, range.start, range.end, data.start, data.end]),
    }
}

#[test]
fn finds_and_splits_as_the_vectors_say() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../spec/vectors/sql-lexer.json"
    );
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 80);
    for case in cases {
        let (name, text) = (&case["name"], case["text"].as_str().unwrap().as_bytes());
        assert_eq!(told(text), case["findings"], "{name}");
        let statements: Value = split(text).map(cut).collect();
        assert_eq!(statements, case["statements"], "{name}");
    }
}

const PIECES: [&str; 62] = [
    "'",
    "''",
    "E'",
    "b'",
    "N'",
    "U&'",
    "u&\"",
    "\"",
    "\"\"",
    "'\\'",
    "$",
    "$$",
    "$a$",
    "$é$",
    "$1",
    "a$",
    "--",
    "-",
    "/*",
    "*/",
    "/",
    "*",
    "/*/",
    " ",
    "\n",
    "\r",
    "\r\n",
    "1",
    "1.",
    ".5",
    "..",
    "1_0",
    "1e",
    "e-",
    "E",
    "a",
    "é",
    "😀",
    "\u{feff}",
    ";",
    "(",
    ")",
    "::",
    ":a",
    "\\",
    "\\\\",
    "\\;",
    "\\i x",
    "\\g",
    "\\copy t from stdin",
    "|",
    "`",
    "COPY t FROM STDIN;\n",
    "\n\\.\n",
    "\\.",
    "from stdin",
    "CREATE ",
    "or ",
    "replace ",
    "FUNCTION ",
    "begin ",
    "case ",
];

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        9 => proptest::sample::select(&PIECES[..]).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn offsets_lie_in_the_text_between_characters_and_in_order(text in pieces()) {
        let mut findings = Vec::new();
        check(text.as_bytes(), &mut findings, |_| {});
        let offsets: Vec<usize> = findings
            .iter()
            .map(|fault| usize::try_from(fault.offset.unwrap()).unwrap())
            .collect();
        prop_assert!(offsets.is_sorted());
        prop_assert!(offsets.iter().all(|&at| at < text.len() && text.is_char_boundary(at)));
    }

    #[test]
    fn statements_lie_in_the_text_one_behind_the_other(text in pieces()) {
        let (mut statements, mut commands) = (0, 0);
        for Statement { kind, range, data } in split(text.as_bytes()) {
            let last = if kind == StatementKind::Psql { &mut commands } else { &mut statements };
            prop_assert!(*last <= range.start && range.start < range.end);
            prop_assert!(range.end <= text.len());
            prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
            if let Some(data) = data {
                prop_assert!(range.end <= data.start && data.start <= data.end);
                prop_assert!(data.end <= text.len());
            }
            *last = range.end;
        }
    }

    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check(&bytes, &mut Vec::new(), |_| {});
        prop_assert!(split(&bytes).count() <= bytes.len());
    }
}

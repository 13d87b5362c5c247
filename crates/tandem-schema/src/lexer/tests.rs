use super::{Statement, StatementKind, check, split};
use serde_json::{Value, json};

fn told(text: &[u8]) -> Value {
    let mut findings = Vec::new();
    check(text, &mut findings);
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

use super::{Definition, read_definitions};
use crate::lexer::check;
use proptest::prelude::*;
use serde_json::{Value, json};

fn told(text: &[u8]) -> Vec<Value> {
    let mut told = Vec::new();
    check(text, &mut Vec::new(), |statement| {
        let offset = statement.start;
        read_definitions(&text[statement], |definition| {
            let Definition {
                how,
                kind,
                schema,
                name,
                detail,
            } = definition;
            told.push(json!([offset, how, kind, schema, name, detail]));
        });
    });
    told
}

#[test]
fn finds_what_the_vectors_say() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../spec/vectors/sql-definitions.json"
    );
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 30);
    for case in cases {
        let text = case["text"].as_str().unwrap().as_bytes();
        assert_eq!(json!(told(text)), case["definitions"], "{}", case["name"]);
    }
}

proptest! {
    #[test]
    fn reads_anything(head in "(CREATE|DROP|ALTER|SET|SELECT) [A-Za-z\"'(),.=:; é]{0,40}") {
        told(head.as_bytes());
    }
}

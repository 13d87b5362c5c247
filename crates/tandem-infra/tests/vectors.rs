//! The golden cases of `spec/vectors/logs.json`, which TypeScript reads too.
#![allow(clippy::unwrap_used, reason = "a test")]

use serde_json::Value;
use tandem_infra::logs::{Before, Settings, analyze};

const SETTINGS: Settings = Settings {
    templates: true,
    patterns: Vec::new(),
    since: f64::NEG_INFINITY,
    until: f64::INFINITY,
    zone: 60,
    year: 2023,
};
const LEVELS: [&str; 7] = [
    "fatal", "error", "warning", "info", "debug", "trace", "none",
];

#[test]
fn lines_are_read_as_the_vectors_say() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../spec/vectors/logs.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 40);
    for case in cases {
        let name = &case["name"];
        let line = format!("{}\n", case["line"].as_str().unwrap());
        let result = analyze(&SETTINGS, line.as_bytes(), false, Before::None);
        let result: Value = serde_json::from_str(&result).unwrap();
        let template = &result["templates"][0];
        let level = usize::try_from(template[0].as_u64().unwrap()).unwrap();
        assert_eq!(case["level"], LEVELS[level], "{name}");
        assert_eq!(result["levels"][level], 1, "{name}");
        assert_eq!(case["time"], result["first"], "{name}");
        assert_eq!(case["time"], result["last"], "{name}");
        assert_eq!(case["unzoned"], result["unzoned"] == 1, "{name}");
        assert_eq!(case["yearless"], result["yearless"] == 1, "{name}");
        let tokens: Vec<&str> = template[4]
            .as_array()
            .unwrap()
            .iter()
            .map(|token| token.as_str().unwrap())
            .collect();
        let bytes: Vec<u8> = tokens
            .join(" ")
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).unwrap())
            .collect();
        assert_eq!(
            case["template"],
            String::from_utf8(bytes).unwrap().as_str(),
            "{name}"
        );
    }
}

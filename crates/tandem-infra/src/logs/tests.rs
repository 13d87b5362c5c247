use super::{Before, Settings, analyze};

const ALL: Settings = Settings {
    templates: true,
    patterns: Vec::new(),
    since: f64::NEG_INFINITY,
    until: f64::INFINITY,
    zone: 0,
    year: 2024,
};

#[test]
fn an_empty_block_has_no_lines() {
    let result = analyze(&ALL, b"", false, Before::Indented);
    assert!(result.starts_with(r#"{"lines":0,"entries":0,"#));
}

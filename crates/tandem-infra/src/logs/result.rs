//! The result of a block as JSON: `spec/infra/logs.md`, "Result of a block".

use super::mask::tokens;
use super::sums::Sums;
use super::templates::{Template, TemplateTree};
use std::fmt::Write;
use tandem_common::json_string::write_string;

pub(super) fn json(lines: u64, long: u64, mut sums: Sums) -> String {
    sums.finish();
    let mut tree = TemplateTree::default();
    let mut unmined = 0;
    for (key, leaf) in &sums.messages {
        if let Some((level, text)) = key.split_first()
            && !tree.add(*level, &tokens(text), *leaf)
        {
            unmined += leaf.count;
        }
    }
    let mut out = format!(
        r#"{{"lines":{lines},"entries":{},"long":{long},"levels":[{}],"timed":{},"unzoned":{},"yearless":{},"first":{},"last":{},"width":{},"buckets":["#,
        sums.entries,
        list(&sums.levels),
        sums.timed,
        sums.unzoned,
        sums.yearless,
        number(sums.first),
        number(sums.last),
        sums.buckets.width,
    );
    for (at, (index, counts)) in sums.buckets.counts.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        // Writing into a string cannot fail.
        let _ = write!(out, "{comma}[{index},{}]", list(counts));
    }
    out.push_str(r#"],"templates":["#);
    for (at, template) in tree.templates().iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        template_json(&mut out, template);
    }
    let _ = write!(out, r#"],"unmined":{unmined},"patterns":["#);
    for (at, leaf) in sums.matches.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let _ = match leaf {
            None => write!(out, "{comma}[0,-1,-1]"),
            Some(leaf) => write!(out, "{comma}[{},{},{}]", leaf.count, leaf.first, leaf.last),
        };
    }
    out.push_str("]}");
    out
}

fn template_json(out: &mut String, (level, tokens, leaf): &Template) {
    let _ = write!(
        out,
        "[{level},{},{},{},[",
        leaf.count, leaf.first, leaf.last
    );
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match token {
            None => out.push_str("null"),
            Some(token) => out.push_str(&text_json(token)),
        }
    }
    out.push_str("]]");
}

/// A JSON string with one character for each byte.
fn text_json(token: &[u8]) -> String {
    let text: String = token.iter().map(|byte| char::from(*byte)).collect();
    let mut json = Vec::new();
    match write_string(&mut json, text.as_bytes()) {
        Ok(()) => String::from_utf8_lossy(&json).into_owned(),
        Err(_) => "\"\"".into(),
    }
}

fn list(counts: &[u64]) -> String {
    let texts: Vec<String> = counts.iter().map(u64::to_string).collect();
    texts.join(",")
}

fn number(ms: Option<i64>) -> String {
    ms.map_or_else(|| "null".into(), |ms| ms.to_string())
}

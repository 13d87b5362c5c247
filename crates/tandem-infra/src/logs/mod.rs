//! One pass over a block of a log: `spec/infra/logs.md`.

mod buckets;
mod entry;
mod json_line;
mod level;
mod mask;
mod result;
mod sums;
mod templates;
#[cfg(test)]
mod tests;
mod time;

use entry::EntryReader;
pub use regex::bytes::Regex;
use regex::bytes::RegexBuilder;
use sums::Sums;
use tandem_common::limits::LOG_LINE_BYTES;

/// The options of an analysis.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Mine templates.
    pub templates: bool,
    /// Count the entries whose first line has a match. Over bytes, as `packages/infra` translates them.
    pub patterns: Vec<Regex>,
    /// Milliseconds since 1970: entries from this time on.
    pub since: f64,
    /// Entries before this time.
    pub until: f64,
    /// Minutes east of UTC of a time without a zone.
    pub zone: i32,
    /// The year of a time without one.
    pub year: i32,
}

/// What the last line of a block is to the line after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    None,
    Plain,
    Indented,
}

impl Before {
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "plain" => Some(Self::Plain),
            "indented" => Some(Self::Indented),
            _ => None,
        }
    }
}

/// Compiles a translated pattern.
pub fn pattern(source: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(source).unicode(false).build();
    built.map_err(|error| error.to_string())
}

/// The result for a block, as JSON. `is_inside_line`: it begins inside a line of an earlier block.
#[must_use]
pub fn analyze(settings: &Settings, block: &[u8], is_inside_line: bool, before: Before) -> String {
    let mut entry = EntryReader::new(settings);
    let mut sums = Sums::new(settings);
    let (mut lines, mut long, mut last) = (0, 0, before);
    let mut at = if is_inside_line {
        after_line(block, 0)
    } else {
        0
    };
    while at < block.len() {
        let next = after_line(block, at);
        lines += 1;
        let mut line = text_of(&block[at..next]);
        if line.len() > LOG_LINE_BYTES {
            long += 1;
            line = &line[..LOG_LINE_BYTES];
        }
        if entry.read(line, last) && sums.add(line, at, &entry) {
            for (index, pattern) in settings.patterns.iter().enumerate() {
                if pattern.is_match(line) {
                    sums.matched(index, at);
                }
            }
        }
        last = match line.first() {
            Some(b' ' | b'\t') => Before::Indented,
            _ => Before::Plain,
        };
        at = next;
    }
    result::json(lines, long, sums)
}

/// The position after the line that begins at `at`.
fn after_line(block: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &block[at..]).map_or(block.len(), |feed| at + feed + 1)
}

/// A line without its end.
fn text_of(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(text) => text.strip_suffix(b"\r").unwrap_or(text),
        None => line,
    }
}

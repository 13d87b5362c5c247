//! What is known of the entry that a line begins: `spec/infra/logs.md`.

use super::json_line;
use super::level::{
    Level, first_level_word, level_of_number, level_of_priority, level_of_status, level_of_word,
    upper_level_end,
};
use super::time::TimeReader;
use super::{Before, Settings};
use memchr::memmem;
use std::ops::Range;
use tandem_common::limits::LOG_HEAD_BYTES;

const CONTINUATIONS: &[&[u8]] = &[
    b"Caused by:",
    b"Suppressed:",
    b"Traceback (",
    b"During handling of",
    b"The above exception",
    b"goroutine ",
    b"... ",
];
const LEVEL_KEYS: &[&str] = &[
    r#""level""#,
    r#""severity""#,
    r#""lvl""#,
    r#""loglevel""#,
    r#""levelname""#,
    r#""log.level""#,
];
const TIME_KEYS: &[&str] = &[
    r#""time""#,
    r#""timestamp""#,
    r#""ts""#,
    r#""@timestamp""#,
    r#""date""#,
];
const MESSAGE_KEYS: &[&str] = &[r#""msg""#, r#""message""#, r#""event""#];
/// logfmt.
const TIME_FIELDS: &[&[u8]] = &[b"time=", b"ts=", b"timestamp="];

/// The fields hold the last entry.
pub(super) struct EntryReader {
    pub time: TimeReader,
    /// Milliseconds since 1970.
    pub ms: Option<i64>,
    pub level: Level,
    /// The part of the line that is the message, if templates are mined.
    pub message: Range<usize>,
    wants_message: bool,
}

impl EntryReader {
    pub fn new(settings: &Settings) -> Self {
        Self {
            time: TimeReader::new(settings.zone, settings.year),
            ms: None,
            level: Level::None,
            message: 0..0,
            wants_message: settings.templates,
        }
    }

    /// False if the line continues the entry before it.
    pub fn read(&mut self, line: &[u8], before: Before) -> bool {
        if line.first() == Some(&b'{') {
            self.json(line);
        } else {
            self.text(line);
        }
        self.ms.is_some()
            || match before {
                Before::None => true,
                Before::Indented => false,
                Before::Plain => !continues(line),
            }
    }

    fn text(&mut self, line: &[u8]) {
        let (priority, head) = match priority(line) {
            Some((priority, end)) => (Some(priority), after_version(line, end)),
            None => (None, 0),
        };
        self.ms = self.time.read(line, after_one(line, head, b"[("));
        let (mut from, mut status) = (0, None);
        if self.ms.is_some() {
            from = self.time.end;
        } else {
            self.ms = self
                .time_after_level(line, head)
                .or_else(|| self.common_log_time(line));
            if self.ms.is_some() && self.time.is_common_log {
                status = status_level(&line[self.time.end..]);
            }
            if self.ms.is_none() {
                self.ms = self.field_time(line);
            }
        }
        if self.wants_message {
            let start = match self.ms {
                Some(_) => after_spaces(line, after_one(line, self.time.end, b"])")),
                None => 0,
            };
            self.message = after_level(line, start).unwrap_or(start)..line.len();
        }
        let klog = self.time.klog_letter.filter(|_| self.ms.is_some());
        self.level = match (klog, priority, status) {
            (Some(letter), ..) => klog_level(letter),
            (_, Some(priority), _) => level_of_priority(priority),
            (_, _, Some(status)) => status,
            _ => first_level_word(line, from, line.len().min(from + LOG_HEAD_BYTES)),
        };
    }

    fn time_after_level(&mut self, line: &[u8], at: usize) -> Option<i64> {
        let next = after_level(line, at)?;
        self.time.read(line, after_one(line, next, b"[("))
    }

    fn common_log_time(&mut self, line: &[u8]) -> Option<i64> {
        let head = &line[..line.len().min(LOG_HEAD_BYTES)];
        memchr::memchr_iter(b'[', head).find_map(|open| self.time.common_log(line, open + 1))
    }

    fn field_time(&mut self, line: &[u8]) -> Option<i64> {
        let head = &line[..line.len().min(LOG_HEAD_BYTES)];
        memchr::memchr(b'=', head)?;
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b' ', head).map(|at| at + 1));
        let value = starts.into_iter().find_map(|at| {
            let field = TIME_FIELDS
                .iter()
                .find(|field| head[at..].starts_with(field))?;
            Some(after_one(head, at + field.len(), b"\""))
        })?;
        self.time.value(line, value)
    }

    fn json(&mut self, line: &[u8]) {
        let time = &mut self.time;
        self.ms = json_line::find(line, TIME_KEYS, |value| {
            time.value(&line[..value.end], value.start)
        });
        let level = json_line::find(line, LEVEL_KEYS, |value| {
            if value.is_text {
                level_of_word(&line[value.start..value.end])
            } else {
                number_level(&line[value.start..])
            }
        });
        self.level = level.unwrap_or(Level::None);
        if self.wants_message {
            let message = json_line::find(line, MESSAGE_KEYS, |value| {
                value.is_text.then_some(value.start..value.end)
            });
            self.message = message.unwrap_or(0..line.len());
        }
    }
}

/// Whether a line without a time continues the entry before it, by its own bytes.
fn continues(line: &[u8]) -> bool {
    matches!(line.first(), None | Some(b' ' | b'\t'))
        || CONTINUATIONS.iter().any(|word| line.starts_with(word))
}

/// The value of a syslog priority, and the position after its `>`.
fn priority(line: &[u8]) -> Option<(u32, usize)> {
    let rest = line.strip_prefix(b"<")?;
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    let length = rest.iter().take(3).take_while(is_digit).count();
    let value = std::str::from_utf8(&rest[..length]).ok()?.parse().ok()?;
    (value <= 191 && rest.get(length) == Some(&b'>')).then_some((value, length + 2))
}

fn after_version(line: &[u8], at: usize) -> usize {
    match line.get(at..) {
        Some([b'0'..=b'9', b' ', ..]) => at + 2,
        _ => at,
    }
}

/// The position after a leading level, which may be in brackets, and the spaces after it.
fn after_level(line: &[u8], at: usize) -> Option<usize> {
    let word = upper_level_end(line, after_one(line, at, b"[("))?;
    let marked = after_one(line, after_one(line, word, b"])"), b":");
    let next = after_spaces(line, marked);
    (next > marked).then_some(next)
}

fn after_one(line: &[u8], at: usize, any: &[u8]) -> usize {
    match line.get(at) {
        Some(byte) if any.contains(byte) => at + 1,
        _ => at,
    }
}

fn after_spaces(line: &[u8], at: usize) -> usize {
    let rest = line.get(at..).unwrap_or(&[]);
    at + rest.iter().take_while(|byte| **byte == b' ').count()
}

fn klog_level(letter: u8) -> Level {
    match letter {
        b'F' => Level::Fatal,
        b'E' => Level::Error,
        b'W' => Level::Warning,
        _ => Level::Info,
    }
}

/// The level of the status after the first `" `.
fn status_level(text: &[u8]) -> Option<Level> {
    let quote = memmem::find(text, b"\" ")?;
    let digits = &text[quote + 2..];
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    let is_three = digits.iter().take_while(is_digit).count() == 3;
    let is_whole = matches!(digits.get(3), None | Some(b' '));
    (is_three && is_whole).then(|| level_of_status(digits[0]))
}

fn number_level(text: &[u8]) -> Option<Level> {
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    let length = text.iter().take(3).take_while(is_digit).count();
    let value = std::str::from_utf8(&text[..length]).ok()?.parse().ok()?;
    Some(level_of_number(value))
}

//! Levels: `spec/infra/logs.md`, "Level".

/// In the order of their counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Fatal,
    Error,
    Warning,
    Info,
    Debug,
    Trace,
    None,
}

pub(super) const LEVELS: usize = 7;

const WORDS: &[(&[u8], Level)] = &[
    (b"fatal", Level::Fatal),
    (b"critical", Level::Fatal),
    (b"crit", Level::Fatal),
    (b"emergency", Level::Fatal),
    (b"emerg", Level::Fatal),
    (b"alert", Level::Fatal),
    (b"panic", Level::Fatal),
    (b"error", Level::Error),
    (b"err", Level::Error),
    (b"severe", Level::Error),
    (b"warning", Level::Warning),
    (b"warn", Level::Warning),
    (b"info", Level::Info),
    (b"notice", Level::Info),
    (b"debug", Level::Debug),
    (b"trace", Level::Trace),
    (b"verbose", Level::Trace),
];
const LONGEST: usize = 9;
/// The first letters of the words, so that most words of a message are passed over at once.
const FIRST: [bool; 256] = first_letters();

/// The level of a word in any case.
pub(super) fn level_of_word(word: &[u8]) -> Option<Level> {
    let first = usize::from(*word.first()?);
    if !FIRST[first] || !(3..=LONGEST).contains(&word.len()) {
        return None;
    }
    let known = WORDS.iter().find(|(one, _)| word.eq_ignore_ascii_case(one));
    known.map(|(_, level)| *level)
}

/// The level of a value of a JSON line that is a number.
pub(super) fn level_of_number(value: u32) -> Level {
    match value {
        60.. => Level::Fatal,
        50..=59 => Level::Error,
        40..=49 => Level::Warning,
        30..=39 => Level::Info,
        20..=29 => Level::Debug,
        _ => Level::Trace,
    }
}

pub(super) fn level_of_priority(priority: u32) -> Level {
    match priority % 8 {
        0..=2 => Level::Fatal,
        3 => Level::Error,
        4 => Level::Warning,
        7 => Level::Debug,
        _ => Level::Info,
    }
}

/// The level of the status of an access log, by its first digit.
pub(super) fn level_of_status(first: u8) -> Level {
    match first {
        b'5' => Level::Error,
        b'4' => Level::Warning,
        _ => Level::Info,
    }
}

/// The first level word of a line that begins in `from..to`.
pub(super) fn first_level_word(line: &[u8], from: usize, to: usize) -> Level {
    let mut at = from;
    while at < to {
        if !line[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let length = letters(&line[at..]);
        let word = &line[at..at + length];
        if let Some(level) = level_of_word(word)
            && is_marked(line, at, at + length)
        {
            return level;
        }
        at += length + 1;
    }
    Level::None
}

/// The end of a level word in upper case at a position.
pub(super) fn upper_level_end(line: &[u8], at: usize) -> Option<usize> {
    let rest = line.get(at..)?;
    let is_upper = |byte: &&u8| byte.is_ascii_uppercase();
    let length = rest.iter().take(LONGEST + 1).take_while(is_upper).count();
    level_of_word(&rest[..length]).map(|_| at + length)
}

fn is_marked(line: &[u8], from: usize, to: usize) -> bool {
    let before = from.checked_sub(1).map(|at| line[at]);
    let after = line.get(to).copied();
    let is_word = |byte: Option<u8>| byte.is_some_and(|byte| byte == b'_' || byte.is_ascii_digit());
    if is_word(before) || is_word(after) {
        return false;
    }
    if line[from..to].iter().all(u8::is_ascii_uppercase) {
        return true;
    }
    match before {
        Some(b'[') => after == Some(b']'),
        Some(b'(') => after == Some(b')'),
        Some(b'<') => after == Some(b'>'),
        Some(b'=') => true,
        Some(b'"') => from >= 2 && line[from - 2] == b'=',
        Some(b' ') | None => after == Some(b':'),
        Some(_) => false,
    }
}

fn letters(text: &[u8]) -> usize {
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic();
    text.iter().take_while(is_letter).count()
}

const fn first_letters() -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < WORDS.len() {
        let letter = WORDS[at].0[0];
        table[letter as usize] = true;
        table[letter.to_ascii_uppercase() as usize] = true;
        at += 1;
    }
    table
}

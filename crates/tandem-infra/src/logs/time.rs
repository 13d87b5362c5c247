//! Times: `spec/infra/logs.md`, "Time". Positions are in a line.

const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
const WEEKDAYS: &[u8] = b"MonTueWedThuFriSatSun";
const LEAST_EPOCH: i64 = 1_000_000_000_000;
const MOST_EPOCH: i64 = 4_000_000_000_000;
const DAY_MS: i64 = 86_400_000;

/// After a method returned a time, `end` is the position after it, and the other fields say what it lacked.
pub(super) struct TimeReader {
    pub end: usize,
    pub is_unzoned: bool,
    pub is_yearless: bool,
    /// Whether it is of an access log.
    pub is_common_log: bool,
    /// The level of klog.
    pub klog_letter: Option<u8>,
    zone_ms: i64,
    year: i64,
    /// The last date that was read: nearly all lines of a log have that of the line before.
    date: (i64, i64, i64),
    day_ms: i64,
}

impl TimeReader {
    pub fn new(zone_minutes: i32, year: i32) -> Self {
        Self {
            end: 0,
            is_unzoned: false,
            is_yearless: false,
            is_common_log: false,
            klog_letter: None,
            zone_ms: i64::from(zone_minutes) * 60_000,
            year: i64::from(year),
            date: (0, 0, 0),
            day_ms: 0,
        }
    }

    /// ISO 8601, syslog, klog or epoch at a position: milliseconds since 1970.
    pub fn read(&mut self, line: &[u8], at: usize) -> Option<i64> {
        self.is_common_log = false;
        self.klog_letter = None;
        match line.get(at)? {
            b'0'..=b'9' => self.iso(line, at).or_else(|| self.epoch(line, at)),
            b'A'..=b'Z' => self.klog(line, at).or_else(|| self.syslog(line, at)),
            _ => None,
        }
    }

    /// The value of a key: ISO 8601 or epoch.
    pub fn value(&mut self, line: &[u8], at: usize) -> Option<i64> {
        self.is_common_log = false;
        self.klog_letter = None;
        line.get(at).filter(|byte| byte.is_ascii_digit())?;
        self.iso(line, at).or_else(|| self.epoch(line, at))
    }

    /// `DD/Mmm/YYYY:hh:mm:ss +hhmm]` after a `[`.
    pub fn common_log(&mut self, line: &[u8], at: usize) -> Option<i64> {
        let text = line.get(at..at + 27)?;
        if text[26] != b']' || text[20] != b' ' || text[2] != b'/' || text[6] != b'/' {
            return None;
        }
        if text[11] != b':' {
            return None;
        }
        let day = self.day(four(text, 7)?, month(text, 3)?, two(text, 0)?)?;
        let clock = self.clock(&text[..20], 12)?;
        self.end = 20;
        let zone = self.zone(&text[..26]);
        if self.is_unzoned || self.end != 26 {
            return None;
        }
        self.end = at + 26;
        self.is_yearless = false;
        self.is_common_log = true;
        Some(day + clock - zone)
    }

    fn iso(&mut self, line: &[u8], at: usize) -> Option<i64> {
        let text = line.get(at..at + 19)?;
        if !matches!(text[4], b'-' | b'/') || text[7] != text[4] {
            return None;
        }
        if !matches!(text[10], b'T' | b' ' | b't') {
            return None;
        }
        let day = self.day(four(text, 0)?, two(text, 5)?, two(text, 8)?)?;
        let clock = self.clock(line, at + 11)?;
        self.is_yearless = false;
        Some(day + clock - self.zone(line))
    }

    /// 10 digits of seconds with a fraction, or 13 of milliseconds.
    fn epoch(&mut self, line: &[u8], at: usize) -> Option<i64> {
        let digits = line[at..]
            .iter()
            .take(14)
            .take_while(|byte| byte.is_ascii_digit());
        let (length, value) = digits.fold((0, 0_i64), |(length, value), byte| {
            (length + 1, value * 10 + i64::from(byte - b'0'))
        });
        self.end = at + length;
        let ms = match length {
            10 => value * 1000 + self.fraction(line),
            13 => value,
            _ => return None,
        };
        let is_cut = line
            .get(self.end)
            .is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if !(LEAST_EPOCH..=MOST_EPOCH).contains(&ms) || !is_cut {
            return None;
        }
        self.is_unzoned = false;
        self.is_yearless = false;
        Some(ms)
    }

    fn klog(&mut self, line: &[u8], at: usize) -> Option<i64> {
        let letter = line[at];
        let text = line.get(at..at + 14)?;
        if !matches!(letter, b'I' | b'W' | b'E' | b'F') || text[5] != b' ' {
            return None;
        }
        let day = self.day(self.year, two(text, 1)?, two(text, 3)?)?;
        let clock = self.clock(line, at + 6)?;
        self.klog_letter = Some(letter);
        Some(self.yearless(day + clock))
    }

    fn syslog(&mut self, line: &[u8], at: usize) -> Option<i64> {
        let has_weekday = in_list(WEEKDAYS, line, at).is_some() && line.get(at + 3) == Some(&b' ');
        let at = if has_weekday { at + 4 } else { at };
        let text = line.get(at..at + 15)?;
        if text[3] != b' ' || text[6] != b' ' {
            return None;
        }
        let month = month(text, 0)?;
        let date = match (text[4], text[5]) {
            (b' ', one @ b'0'..=b'9') => i64::from(one - b'0'),
            _ => two(text, 4)?,
        };
        let clock = self.clock(line, at + 7)?;
        let end = self.end;
        let year = four(line, end + 1).filter(|year| {
            *year >= 1000
                && line[end] == b' '
                && line
                    .get(end + 5)
                    .is_none_or(|byte| !byte.is_ascii_alphanumeric())
        });
        let day = self.day(year.unwrap_or(self.year), month, date)?;
        if year.is_none() {
            return Some(self.yearless(day + clock));
        }
        self.end = end + 5;
        self.is_yearless = false;
        self.is_unzoned = true;
        Some(day + clock - self.zone_ms)
    }

    fn yearless(&mut self, ms: i64) -> i64 {
        self.is_yearless = true;
        self.is_unzoned = true;
        ms - self.zone_ms
    }

    /// Milliseconds of the day since 1970.
    fn day(&mut self, year: i64, month: i64, day: i64) -> Option<i64> {
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        if (year, month, day) != self.date {
            self.date = (year, month, day);
            self.day_ms = days_since_1970(year, month, day) * DAY_MS;
        }
        Some(self.day_ms)
    }

    /// `hh:mm:ss` and a fraction: milliseconds.
    fn clock(&mut self, line: &[u8], at: usize) -> Option<i64> {
        let text = line.get(at..at + 8)?;
        if text[2] != b':' || text[5] != b':' {
            return None;
        }
        let (hours, minutes, seconds) = (two(text, 0)?, two(text, 3)?, two(text, 6)?);
        if hours > 23 || minutes > 59 || seconds > 60 {
            return None;
        }
        self.end = at + 8;
        Some(((hours * 60 + minutes) * 60 + seconds) * 1000 + self.fraction(line))
    }

    fn fraction(&mut self, line: &[u8]) -> i64 {
        let Some([b'.' | b',', digits @ ..]) = line.get(self.end..) else {
            return 0;
        };
        let (mut ms, mut unit, mut length) = (0, 100, 0);
        for byte in digits.iter().take_while(|byte| byte.is_ascii_digit()) {
            ms += i64::from(byte - b'0') * unit;
            unit /= 10;
            length += 1;
        }
        if length > 0 {
            self.end += 1 + length;
        }
        ms
    }

    /// The zone at `end`, in milliseconds; that of the settings if there is none.
    fn zone(&mut self, line: &[u8]) -> i64 {
        let at = self.end;
        self.is_unzoned = false;
        let rest = line.get(at..).unwrap_or(&[]);
        let (rest, spaces) = match rest {
            [b' ', rest @ ..] => (rest, 1),
            _ => (rest, 0),
        };
        if spaces == 0 && rest.first() == Some(&b'Z') {
            self.end = at + 1;
            return 0;
        }
        if spaces == 1 && (rest.starts_with(b"UTC") || rest.starts_with(b"GMT")) {
            self.end = at + 4;
            return 0;
        }
        if let Some((ms, length)) = offset(rest) {
            self.end = at + spaces + length;
            return ms;
        }
        self.is_unzoned = true;
        self.zone_ms
    }
}

/// `+hh:mm` or `+hhmm`: milliseconds and length.
fn offset(text: &[u8]) -> Option<(i64, usize)> {
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let colon = usize::from(text.get(3) == Some(&b':'));
    let (hours, minutes) = (two(text, 1)?, two(text, 3 + colon)?);
    (hours <= 23 && minutes <= 59).then_some((sign * (hours * 60 + minutes) * 60_000, 5 + colon))
}

fn two(text: &[u8], at: usize) -> Option<i64> {
    match text.get(at..at + 2)? {
        [ten @ b'0'..=b'9', one @ b'0'..=b'9'] => Some(i64::from((ten - b'0') * 10 + (one - b'0'))),
        _ => None,
    }
}

fn four(text: &[u8], at: usize) -> Option<i64> {
    Some(two(text, at)? * 100 + two(text, at + 2)?)
}

fn month(text: &[u8], at: usize) -> Option<i64> {
    in_list(MONTHS, text, at).map(|index| index + 1)
}

/// The index of three letters in a list of such names.
fn in_list(list: &[u8], text: &[u8], at: usize) -> Option<i64> {
    let name = text.get(at..at + 3)?;
    (0_i64..)
        .zip(list.chunks_exact(3))
        .find_map(|(index, each)| (each == name).then_some(index))
}

/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let shifted = month + if month > 2 { -3 } else { 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

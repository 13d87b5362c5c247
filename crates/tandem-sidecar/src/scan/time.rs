//! Formats a file's time as `YYYY-MM-DDTHH:MM:SS.mmmZ`.

use std::io::Write;

const DAY: i128 = 86_400_000;

/// The last instant that ECMAScript's Date can represent, in milliseconds since 1970; the TypeScript engine
/// shows no time beyond it.
const LAST: i128 = 8_640_000_000_000_000;

/// The time of nanoseconds since 1970, rounded down to milliseconds; None beyond the range of a Date.
pub(crate) fn iso(nanoseconds: i128) -> Option<String> {
    let milliseconds = nanoseconds.div_euclid(1_000_000);
    if milliseconds.abs() > LAST {
        return None;
    }
    let (year, month, day) = civil(milliseconds.div_euclid(DAY));
    let rest = milliseconds.rem_euclid(DAY);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, part) = (rest / 1000 % 60, rest % 1000);
    let mut text = Vec::with_capacity(27);
    // ECMA-262 writes all other years with a sign and six digits.
    let written = match year {
        0..=9999 => write!(text, "{year:04}"),
        _ => write!(text, "{year:+07}"),
    };
    written
        .and_then(|()| {
            write!(
                text,
                "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{part:03}Z"
            )
        })
        .ok()?;
    String::from_utf8(text).ok()
}

/// Year, month and day of a number of days since 1970-01-01: Howard Hinnant, "chrono-Compatible Low-Level
/// Date Algorithms".
fn civil(days: i128) -> (i128, i128, i128) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i128::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn dates_as_ecma_262_writes_them() {
        let ms = 1_000_000;
        for (nanoseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_123 * ms + 999_999, "2000-02-29T00:00:00.123Z"),
            (1_795_219_199_999 * ms, "2026-11-20T23:59:59.999Z"),
            (253_402_300_800_000 * ms, "+010000-01-01T00:00:00.000Z"),
            (-62_167_219_200_001 * ms, "-000001-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso(nanoseconds).as_deref(), Some(text));
        }
        assert_eq!(iso(i128::from(i64::MAX) * 1_000_000_000), None);
    }
}

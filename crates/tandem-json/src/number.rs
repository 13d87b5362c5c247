//! The values of numbers, which a tape keeps as spelled.

use crate::token::number_end;

/// Whether this is one number of RFC 8259, section 6.
#[must_use]
pub fn is_number(spelling: &[u8]) -> bool {
    number_end(spelling, 0).is_ok_and(|end| end == spelling.len())
}

/// The nearest double: infinite if the number is beyond the range of doubles, NaN if this is not a number.
#[must_use]
pub fn value(spelling: &[u8]) -> f64 {
    let text = std::str::from_utf8(spelling).unwrap_or_default();
    text.parse().unwrap_or(f64::NAN)
}

/// The number as a count, if it is an integer from 0 to 2^53 - 1 (`3.0` is one).
#[must_use]
pub fn count(spelling: &[u8]) -> Option<u64> {
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    let value = value(spelling);
    let is_count = (0.0..=LARGEST).contains(&value) && value.fract() == 0.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "just tested"
    )]
    is_count.then_some(value as u64)
}

/// Whether this is an integer, spelled without point or exponent, whose absolute value is greater than 2^53.
#[must_use]
pub fn is_integer_beyond_2_53(spelling: &[u8]) -> bool {
    const LARGEST: &[u8] = b"9007199254740992";
    let digits = spelling.strip_prefix(b"-").unwrap_or(spelling);
    // JSON has no leading zeros, so the longer number is the larger one.
    digits.iter().all(u8::is_ascii_digit) && (digits.len(), digits) > (LARGEST.len(), LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_grammar() {
        for good in ["0", "-0", "10", "0.5", "1e5", "1E+5", "-12.50e-07"] {
            assert!(is_number(good.as_bytes()), "{good}");
        }
        for bad in [
            "", "-", "01", ".5", "1.", "1e", "1e+", "+1", "0x1", "1 ", "NaN", "inf", "1_0",
        ] {
            assert!(!is_number(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn counts_what_is_whole() {
        for (spelling, expected) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("3.0", Some(3)),
            ("1e2", Some(100)),
            ("9007199254740991", Some(9_007_199_254_740_991)),
            ("9007199254740992", None),
            ("1e400", None),
            ("-1", None),
            ("0.5", None),
        ] {
            assert_eq!(count(spelling.as_bytes()), expected, "{spelling}");
        }
    }

    #[test]
    fn tells_integers_that_doubles_cannot_hold() {
        for (spelling, beyond) in [
            ("9007199254740992", false),
            ("-9007199254740992", false),
            ("9007199254740993", true),
            ("-9007199254740993", true),
            ("10000000000000000", true),
            ("9999999999999999.0", false),
            ("1e300", false),
            ("7", false),
        ] {
            assert_eq!(
                is_integer_beyond_2_53(spelling.as_bytes()),
                beyond,
                "{spelling}"
            );
        }
    }
}

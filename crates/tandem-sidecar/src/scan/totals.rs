//! Totals as JSON.

use super::row::{number, string};
use tandem_common::walk::{SKIP_REASONS, SkipCounts};

/// What was skipped, by reason.
#[derive(Default)]
pub(super) struct Skipped {
    /// Raw paths below the root, with a trailing slash, of folders with the lock of a run.
    pub locks: Vec<Vec<u8>>,
    pub walk: SkipCounts,
    pub other_operation: u64,
}

impl Skipped {
    pub(super) fn add(&mut self, counts: &SkipCounts) {
        for (sum, count) in self.walk.iter_mut().zip(counts) {
            *sum += count;
        }
    }
}

/// Adds the folders with the lock of a run, which every report lists: `spec/sidecar/reports.md`,
/// "interrupted".
pub(super) fn with_locks(mut totals: String, locks: &[Vec<u8>]) -> String {
    if locks.is_empty() {
        return totals;
    }
    totals.pop();
    totals.push_str(",\"locks\":[");
    for (at, path) in locks.iter().enumerate() {
        let mut out = Vec::new();
        // One character per byte, as raw names are in TypeScript.
        let raw: String = path.iter().map(|byte| char::from(*byte)).collect();
        string(&mut out, raw.as_bytes());
        totals.push_str(if at > 0 { "," } else { "" });
        totals.push_str(&String::from_utf8_lossy(&out));
    }
    totals.push_str("]}");
    totals
}

/// A JSON object, written key by key.
pub(crate) struct Totals(Vec<u8>);

impl Totals {
    pub(crate) fn new() -> Self {
        Self(b"{".to_vec())
    }

    pub(crate) fn count(mut self, key: &str, value: u64) -> Self {
        self.key(key);
        number(&mut self.0, value);
        self
    }

    /// A double as ECMA-262 prints it.
    pub(super) fn double(mut self, key: &str, value: f64) -> Self {
        self.key(key);
        self.0.extend_from_slice(ecma(value).as_bytes());
        self
    }

    pub(crate) fn object(mut self, key: &str, value: Totals) -> Self {
        self.key(key);
        self.0.extend_from_slice(value.end().as_bytes());
        self
    }

    /// Counts that are not 0, in the order of the spec.
    pub(crate) fn counts<'a>(
        self,
        key: &str,
        counts: impl IntoIterator<Item = (&'a str, u64)>,
    ) -> Self {
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let object = counts.fold(Totals::new(), |object, (reason, count)| {
            object.count(reason, count)
        });
        self.object(key, object)
    }

    pub(super) fn skipped(self, skipped: &Skipped) -> Self {
        let walk = SKIP_REASONS.into_iter().zip(skipped.walk);
        self.counts(
            "skipped",
            walk.chain([("other_operation", skipped.other_operation)]),
        )
    }

    pub(crate) fn end(mut self) -> String {
        self.0.push(b'}');
        // Keys are constants and values are numbers, so this is UTF-8.
        String::from_utf8(self.0).unwrap_or_default()
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        self.0.push(b'"');
        self.0.extend_from_slice(key.as_bytes());
        self.0.extend_from_slice(b"\":");
    }
}

/// A finite double as `String(number)` writes it: ECMA-262, `Number::toString`. Both languages use the
/// shortest digits that read back as the same double; they differ only in the position of the point.
fn ecma(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let (sign, mantissa) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |mantissa| ("-", mantissa));
    let digits = mantissa.replace('.', "");
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let body = match point {
        1..=21 if length <= point => digits + &zeros(point - length),
        1..=21 => {
            let (whole, part) = digits.split_at(usize::try_from(point).unwrap_or(0));
            format!("{whole}.{part}")
        }
        -5..=0 => format!("0.{}{digits}", zeros(-point)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            format!("{first}{dot}{rest}e{:+}", point - 1)
        }
    };
    format!("{sign}{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_as_ecma_262_prints_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (123_456.75, "123456.75"),
            (1e21, "1e+21"),
            (123e18, "123000000000000000000"),
            (1.5e22, "1.5e+22"),
            (0.000_001, "0.000001"),
            (0.000_000_12, "1.2e-7"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (-2.5, "-2.5"),
        ] {
            assert_eq!(ecma(value), text);
        }
    }

    #[test]
    fn only_what_was_passed_over_is_named() {
        let skipped = Skipped {
            locks: Vec::new(),
            walk: [0, 2, 0, 1],
            other_operation: 3,
        };
        let totals = Totals::new().count("items", 1).skipped(&skipped).end();
        assert_eq!(
            totals,
            r#"{"items":1,"skipped":{"scratch":2,"linked_folder":1,"other_operation":3}}"#
        );
    }
}

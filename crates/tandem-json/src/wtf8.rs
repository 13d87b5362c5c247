//! WTF-8: UTF-8, with each lone surrogate in three bytes (<https://simonsapin.github.io/wtf-8/>).

use tandem_common::json_string::surrogate;

/// Whether bytes are WTF-8. A surrogate pair is encoded as one character, so two surrogates that would make a
/// pair must not follow each other.
#[must_use]
pub fn is_wtf8(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut after_high = false;
    while let Err(error) = std::str::from_utf8(rest) {
        let valid = error.valid_up_to();
        rest = &rest[valid..];
        let Some(unit) = surrogate(rest) else {
            return false;
        };
        let is_low = unit >= 0xdc00;
        if is_low && after_high && valid == 0 {
            return false;
        }
        after_high = !is_low;
        rest = &rest[3..];
    }
    true
}

/// Whether WTF-8 bytes contain a lone surrogate.
#[must_use]
pub fn has_surrogate(bytes: impl Iterator<Item = u8>) -> bool {
    let mut before = 0;
    for byte in bytes {
        // UTF-8 itself has no byte above 9F after ED.
        if before == 0xed && byte >= 0xa0 {
            return true;
        }
        before = byte;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_lone_surrogates_and_no_pairs() {
        for good in [
            &b"a"[..],
            b"",
            b"\xed\xa0\x80",
            b"\xed\xb0\x80\xed\xa0\x80",
            b"\xed\xa0\x80a\xed\xb0\x80",
            "\u{d7ff}\u{10ffff}".as_bytes(),
        ] {
            assert!(is_wtf8(good), "{good:x?}");
        }
        for bad in [
            &b"\xed\xa0\x80\xed\xb0\x80"[..],
            b"\xed\xa0",
            b"\xff",
            b"\xc0\x80",
            b"\xf4\x90\x80\x80",
            b"\xed\xa0\x80\xed",
            b"\xed\xb0\xe6\x80",
            b"\xed\xa0\x7f",
        ] {
            assert!(!is_wtf8(bad), "{bad:x?}");
        }
    }
}

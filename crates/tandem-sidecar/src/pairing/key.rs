//! The keys by which names are compared if their bytes differ.

use crate::generated::fold::FOLD_RANGES;
use unicode_normalization::UnicodeNormalization;

/// The comparison key of a name. ASCII is lowercased. Other UTF-8 is normalized to NFC and each character
/// folded by the pinned table. In a name that is not UTF-8, only the ASCII letters are lowercased.
#[must_use]
pub fn key(name: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(name) {
        Ok(text) if !text.is_ascii() => text.nfc().map(fold).collect::<String>().into_bytes(),
        _ => name.to_ascii_lowercase(),
    }
}

fn fold(character: char) -> char {
    let code = u32::from(character);
    let range = FOLD_RANGES.partition_point(|(_, last, ..)| *last < code);
    match FOLD_RANGES.get(range) {
        Some((first, _, step, delta)) if code >= *first && (code - first).is_multiple_of(*step) => {
            code.checked_add_signed(*delta)
                .and_then(char::from_u32)
                .unwrap_or(character)
        }
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_level_case_and_composition_but_not_letters() {
        assert_eq!(key(b"IMG_1.JPG"), b"img_1.jpg");
        assert_eq!(key("E\u{301}tE\u{301}".as_bytes()), key("éTÉ".as_bytes()));
        assert_eq!(key("\u{212a}.jpg".as_bytes()), b"k.jpg");
        assert_eq!(key("ẞ".as_bytes()), "ß".as_bytes());
        assert_ne!(key("ı".as_bytes()), key(b"i"));
        assert_eq!(key(b"A\xffB"), b"a\xffb");
        // The range from 0x100 has step 2: capitals fold, the lower-case letters between them stay.
        assert_eq!(key("Āā".as_bytes()), "āā".as_bytes());
    }
}

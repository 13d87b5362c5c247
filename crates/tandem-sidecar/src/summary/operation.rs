//! Looks up the operation that a name spells.

use crate::generated::detection::OPERATIONS;

/// The index of `unknown` in `OPERATIONS`.
pub const UNKNOWN: usize = 7;

/// Longer than every spelling of the table.
const LONGEST: usize = 32;

/// Whether any spelling has this length.
const LENGTHS: [bool; LONGEST + 1] = lengths();

const fn lengths() -> [bool; LONGEST + 1] {
    let mut lengths = [false; LONGEST + 1];
    let mut operation = 0;
    while operation < OPERATIONS.len() {
        let spellings = OPERATIONS[operation].spellings;
        let mut one = 0;
        while one < spellings.len() {
            lengths[spellings[one].len()] = true;
            one += 1;
        }
        operation += 1;
    }
    lengths
}

/// The operation that a name spells: ASCII letters are lowercased, everything except a-z and 0-9 is dropped,
/// and the rest is looked up. `unknown` is an operation too.
pub fn spelled_operation(name: impl Iterator<Item = u8>) -> Option<usize> {
    let mut spelling = [0; LONGEST];
    let mut length = 0;
    for byte in name.filter(u8::is_ascii_alphanumeric) {
        *spelling.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    let spelling = &spelling[..length];
    // Most keys of a document spell no operation, and most of those have another length.
    if !LENGTHS[length] {
        return None;
    }
    OPERATIONS.iter().position(|operation| {
        operation
            .spellings
            .iter()
            .any(|one| one.as_bytes() == spelling)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(name: &str) -> Option<&'static str> {
        spelled_operation(name.bytes()).map(|operation| OPERATIONS[operation].name)
    }

    #[test]
    fn drops_all_but_letters_and_digits() {
        assert_eq!(spelled("Face_detector"), Some("face_detection"));
        assert_eq!(spelled("YOLO v8"), Some("yolov8"));
        assert_eq!(
            spelled(&format!("{}unified", "-".repeat(1000))),
            Some("unified")
        );
        assert_eq!(spelled("\u{212a}nown"), None);
        assert_eq!(spelled(&"a".repeat(1000)), None);
        assert_eq!(spelled(""), None);
    }

    #[test]
    fn the_table_is_as_we_take_it() {
        assert_eq!(OPERATIONS[UNKNOWN].name, "unknown");
        let longest = OPERATIONS
            .iter()
            .flat_map(|operation| operation.spellings)
            .map(|one| one.len())
            .max();
        assert!(longest < Some(LONGEST));
    }
}

//! Where an earlier run stopped: the cursor of `spec/sidecar/walk.md`.

use crate::base64;
use crate::path::split;

/// A position in the order of the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Raw path below the root; empty for the root.
    pub folder: Vec<u8>,
    /// The last finished candidate; None if only the folder itself was finished.
    pub candidate: Option<Vec<u8>>,
}

impl Position {
    /// None for text that no run writes as a cursor.
    #[must_use]
    pub fn parse(cursor: &str) -> Option<Self> {
        let path = base64::decode(cursor)?;
        if path == b"/" {
            return Some(Self {
                folder: Vec::new(),
                candidate: None,
            });
        }
        if path.is_empty()
            || path
                .split(|byte| *byte == b'/')
                .rev()
                .skip(1)
                .any(<[u8]>::is_empty)
        {
            return None;
        }
        if let Some(folder) = path.strip_suffix(b"/") {
            return Some(Self {
                folder: folder.to_vec(),
                candidate: None,
            });
        }
        let (folder, name) = split(&path);
        Some(Self {
            folder: folder.to_vec(),
            candidate: Some(name.to_vec()),
        })
    }

    #[must_use]
    pub fn cursor(folder: &[u8], candidate: Option<&[u8]>) -> String {
        let mut path = folder.to_vec();
        match candidate {
            None => path.push(b'/'),
            Some(name) if path.is_empty() => path.extend_from_slice(name),
            Some(name) => {
                path.push(b'/');
                path.extend_from_slice(name);
            }
        }
        base64::encode(&path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        for (folder, candidate) in [
            (&b""[..], None),
            (b"", Some(&b"a.json"[..])),
            (b"x/\xff", None),
            (b"x/y", Some(b"\n.bin")),
        ] {
            let position = Position::parse(&Position::cursor(folder, candidate));
            let expected = Position {
                folder: folder.to_vec(),
                candidate: candidate.map(<[u8]>::to_vec),
            };
            assert_eq!(position, Some(expected));
        }
    }

    #[test]
    fn refuses_what_is_no_cursor() {
        for path in ["", "//", "/a", "a//", "a//b"] {
            assert_eq!(
                Position::parse(&base64::encode(path.as_bytes())),
                None,
                "{path}"
            );
        }
        assert_eq!(Position::parse("not base64"), None);
    }
}

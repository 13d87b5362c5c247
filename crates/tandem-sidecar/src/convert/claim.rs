//! Claims: what holds a name where a system has no links. `spec/sidecar/convert.md`, step 3.

use std::io::{self, ErrorKind};
use tandem_common::durable::{Folder, Run, Steps};

const CLAIM: &[u8] = b"{\"tandem\":\"claim\",\"version\":1,";
const RUN: &[u8] = b"\"run\":\"";
const END: &[u8] = b"\"}\n";

/// No claim is longer.
pub(super) const MOST_BYTES: usize = 512;

/// The run that a file's bytes are a claim of.
pub(super) fn claiming_run(bytes: &[u8]) -> Option<Run> {
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let rest = bytes.strip_prefix(CLAIM)?;
    Run::parse(rest.strip_prefix(RUN)?.strip_suffix(END)?)
}

/// Gives a staged file its name by a claim; false where something has that name.
pub(super) fn place(
    folder: &mut Folder,
    staged: &[u8],
    target: &[u8],
    run: &[u8],
    steps: &Steps,
) -> io::Result<bool> {
    let line = [CLAIM, RUN, run, END].concat();
    match folder.create(target, &line, None, steps) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        made => {
            made?;
        }
    }
    folder.replace(staged, target, steps).inspect_err(|_| {
        let _ = folder.unlink(target, steps);
    })?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tandem_common::testing::Tree;

    const ID: &[u8] = b"host-s0-1-2-r0123abcd";

    #[test]
    fn a_claim_is_a_whole_line_and_nothing_else() {
        let line = [CLAIM, RUN, ID, END].concat();
        assert_eq!(claiming_run(&line).map(|run| run.id), Some(ID.to_vec()));
        assert_eq!(claiming_run(&line[..line.len() - 1]), None);
        assert_eq!(claiming_run(b"{}"), None);
    }

    #[test]
    fn a_name_is_taken_once() {
        let tree = Tree::new();
        tree.file("staged", "new").file("there", "old");
        let mut folder = Folder::new(tree.root(), 9);
        let steps = Steps::default();
        assert!(!place(&mut folder, b"staged", b"there", ID, &steps).expect("it is there"));
        assert!(place(&mut folder, b"staged", b"free", ID, &steps).expect("it is free"));
        assert_eq!(
            std::fs::read(tree.path().join("free")).expect("it was placed"),
            b"new"
        );
        assert!(place(&mut folder, b"staged", b"other", ID, &steps).is_err());
        assert!(!tree.path().join("other").exists());
    }
}

//! Who else wants the same target.

use tandem_common::path::stem;
use tandem_common::walk::{Entry, EntryKind, Folder};

/// Regular files of a folder whose names differ from that of the candidate `at` in the extension only, by the order of their bytes.
/// Nearly always there are none, and its neighbours tell: those that begin alike stand side by side.
pub(super) fn namesakes(folder: &Folder, at: usize) -> impl Iterator<Item = Entry> {
    let candidates = folder.candidates();
    let own = candidates
        .get(at)
        .map_or(&b""[..], |entry| folder.name(*entry));
    let stem_of_own = stem(own);
    let begins = move |entry: &Entry| {
        let name = folder.name(*entry);
        name.starts_with(stem_of_own) && name.get(stem_of_own.len()) == Some(&b'.')
    };
    let at = at.min(candidates.len());
    let before = candidates[..at]
        .iter()
        .rev()
        .take_while(|entry| begins(entry))
        .count();
    let after = candidates[at..]
        .iter()
        .take_while(|entry| begins(entry))
        .count();
    candidates[at - before..at + after]
        .iter()
        .copied()
        .filter(move |entry| {
            let name = folder.name(*entry);
            entry.kind == EntryKind::File && name != own && stem(name) == stem_of_own
        })
}

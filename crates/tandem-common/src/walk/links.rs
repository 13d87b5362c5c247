//! The files to which the links of a tree lead: all must be known before the first file loses its name.

use super::folder::is_passed_over;
use super::listing::{Kind, Lister};
use crate::durable::FileId;
use crate::file::facts_of;
use crate::path::{join, with_path};
use crate::pipeline::Cancel;
use std::collections::HashSet;
use std::fs;

/// The files to which links in the folders of the walk lead, whatever the names of the links and however many
/// other links are between. A folder that cannot be listed has no links that could be followed. Works folder
/// by folder; memory holds the names of the folders that remain to be listed.
#[must_use]
pub fn linked_files(root: &[u8], cancel: &Cancel) -> HashSet<FileId> {
    let mut linked = HashSet::new();
    let mut lister = Lister::default();
    let mut folders = vec![Vec::new()];
    while let Some(folder) = folders.pop() {
        if cancel.is_set() {
            break;
        }
        let path = join(root, &folder);
        let follow = folder.is_empty();
        let _ = lister.list(&path, follow, &mut |name, kind| match kind {
            Kind::Folder if !is_passed_over(name, kind) => folders.push(join(&folder, name)),
            Kind::FileLink => {
                let found = with_path(&join(&path, name), |path| fs::metadata(path));
                linked.extend(found.ok().map(|metadata| {
                    let facts = facts_of(&metadata);
                    FileId {
                        device: facts.device,
                        inode: facts.inode,
                    }
                }));
            }
            _ => {}
        });
    }
    linked
}

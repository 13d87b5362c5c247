//! What one thread does with a batch. Descriptors live no longer than a call: the next one may be on another thread.

use super::batch::{Batch, Entry, Named, Stage};
use super::outcome::Outcome;
use super::plan::{File, Open, Plan, Planner};
use super::shared::Shared;
use super::stage::Hand;
use super::sweep::sweep;
use crate::scan::source::code_of_folder;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use tandem_common::limits::CONVERT_GROUP_BYTES;
use tandem_common::walk::{Entry as Walked, Skip};

pub(super) struct Worker {
    planner: Planner,
}

impl Worker {
    pub(super) fn new(shared: &Shared) -> Self {
        Self {
            planner: Planner::new(shared),
        }
    }

    /// Plans and stages the files of a batch, to its end or until the group is full.
    pub(super) fn plan(&mut self, batch: &mut Batch, shared: &Shared) {
        let number = batch.number;
        assert!(
            shared.request.fail_at_batch != Some(number),
            "the test instrument failed batch {number}"
        );
        let before = self.planner.bytes_read;
        while let Some(part) = batch.parts.get_mut(batch.at) {
            let has_scratch = part.index.folder.skipped[Skip::Scratch as usize] > 0;
            if std::mem::take(&mut part.is_first) && has_scratch && !shared.request.dry_run {
                sweep(&part.path, shared);
            }
            if let Some(failure) = part.index.folder.failure {
                batch.entries.push(Entry {
                    part: batch.at,
                    named: Named::Folder,
                    outcome: Outcome::code(code_of_folder(failure)),
                });
            } else if !part.left.is_empty() && !self.plan_part(batch, shared) {
                break;
            }
            batch.at += 1;
        }
        batch.bytes += self.planner.bytes_read - before;
    }

    /// False where the group is full before the end of the part.
    fn plan_part(&mut self, batch: &mut Batch, shared: &Shared) -> bool {
        let at = batch.at;
        let part = &batch.parts[at];
        let index = part.index.clone();
        let left = part.left.clone();
        let mut open = Open::new(&part.path, left.len());
        for next in left.clone() {
            if shared.group_bytes.load(Ordering::Relaxed) >= CONVERT_GROUP_BYTES {
                batch.parts[at].left = next..left.end;
                return false;
            }
            let entry = index.folder.candidates()[next];
            let name = index.folder.name(entry);
            let file = File {
                part: &batch.parts[at],
                at: next,
                entry,
                name,
            };
            let plan = self.plan_file(&file, &mut open, shared);
            self.take(batch, at, entry, name, plan, &mut open, shared);
        }
        true
    }

    /// What is to be done is planned once more when its folder is ours: who was at work there until then may have changed it.
    fn plan_file(&mut self, file: &File<'_>, open: &mut Open, shared: &Shared) -> Plan {
        let folder = &file.part.path;
        let was_ours = shared.request.dry_run || shared.locks.has(folder);
        match self.planner.plan(file, open, shared) {
            Plan::Work(mut outcome, _) if !was_ours => {
                if let Some(fault) = shared.enter(folder) {
                    outcome.fail(fault);
                    return Plan::Row(outcome);
                }
                let bytes_read = self.planner.bytes_read;
                let plan = self.planner.plan(file, open, shared);
                self.planner.bytes_read = bytes_read;
                plan
            }
            plan => plan,
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn take(
        &mut self,
        batch: &mut Batch,
        part: usize,
        entry: Walked,
        name: &[u8],
        plan: Plan,
        open: &mut Open,
        shared: &Shared,
    ) {
        let (outcome, work) = match plan {
            Plan::LeftOut => {
                batch.other_operation += 1;
                return;
            }
            Plan::Row(outcome) => (outcome, None),
            Plan::Work(outcome, work) => (outcome, Some(work)),
        };
        let at = batch.entries.len();
        batch.entries.push(Entry {
            part,
            named: Named::File(entry),
            outcome,
        });
        let Some(mut work) = work.filter(|_| !shared.request.dry_run) else {
            return;
        };
        shared
            .group_bytes
            .fetch_add(work.bytes.len(), Ordering::Relaxed);
        work.entry = at;
        // Known to its batch before anything is written, so that a panic leaves nothing behind.
        batch.works.push(*work);
        let (Some(work), Some(entry)) = (batch.works.last_mut(), batch.entries.last_mut()) else {
            return;
        };
        let reader = &mut self.planner.others;
        Hand {
            work,
            entry,
            name,
            open,
            reader,
            shared,
        }
        .stage();
    }

    /// Does something for each conversion of a batch that stands at a stage.
    pub(super) fn each(
        &mut self,
        batch: &mut Batch,
        stage: Stage,
        shared: &Shared,
        mut act: impl FnMut(&mut Hand<'_>),
    ) {
        let Batch {
            parts,
            entries,
            works,
            ..
        } = batch;
        let mut open: Option<(usize, Open)> = None;
        for place in 0..works.len() {
            if works[place].stage != stage {
                continue;
            }
            let part = entries[works[place].entry].part;
            if open.as_ref().is_none_or(|(known, _)| *known != part) {
                let same = works[place..]
                    .iter()
                    .take_while(|work| entries[work.entry].part == part);
                open = Some((part, Open::new(&parts[part].path, same.count())));
            }
            let Some((_, open)) = &mut open else { continue };
            let work = &mut works[place];
            let entry = &mut entries[work.entry];
            let Named::File(walked) = entry.named else {
                continue;
            };
            let name = parts[part].index.folder.name(walked);
            let reader = &mut self.planner.others;
            act(&mut Hand {
                work,
                entry,
                name,
                open,
                reader,
                shared,
            });
        }
    }
}

/// Does something to a batch; a panic is noted in it.
pub(super) fn guarded(batch: &mut Batch, act: impl FnOnce(&mut Batch)) {
    let done = catch_unwind(AssertUnwindSafe(|| act(&mut *batch)));
    if let Err(panic) = done {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        batch.panic = Some(text.unwrap_or_else(|| "a panic without words".into()));
    }
}

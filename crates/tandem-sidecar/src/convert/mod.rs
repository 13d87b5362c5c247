//! The part of a convert that is written in Rust too: it reads, judges and encodes files and writes the bytes
//! of their targets, many at once (`spec/sidecar/convert.md`, "Plain files"). The rest is in
//! packages/sidecar/src/convert.

mod encode;
mod outcome;
mod request;
mod source_file;
mod stager;
#[cfg(test)]
mod tests;

pub use outcome::{Outcome, Skip, Status};
pub use request::{StageFolder, StageRequest};
pub use source_file::SourceFile;
pub use stager::{Staged, StagedFile};

use stager::Stager;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, scope};
use tandem_common::file::own_descriptors;

/// The number of files that a thread takes at a time. Threads that create files in one folder wait for each
/// other, so the number is large enough that nearly every folder is taken by one thread.
const FILES_AT_ONCE: usize = 512;

/// Returns one result per file, in their order. A panic of a thread is passed on to the caller; files staged
/// until then remain.
#[must_use]
pub fn stage(request: &StageRequest) -> Vec<Staged> {
    let names: Vec<Vec<&[u8]>> = request.folders.iter().map(names_of).collect();
    let tasks = tasks_of(&names);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut stager = Stager::new(request);
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((folder, range)) = tasks.get(number) else {
                return done;
            };
            let folder_names = &names[*folder];
            let results = stager.stage(&request.folders[*folder], folder_names, range.clone());
            done.push((number, results));
        }
    };
    let mut done = scope(|scope| {
        let threads: Vec<_> = (0..request.workers.clamp(1, tasks.len().max(1)))
            .filter_map(|_| {
                let thread = Builder::new().name("tandem".into());
                let started = thread.spawn_scoped(scope, || {
                    own_descriptors();
                    work()
                });
                started.ok()
            })
            .collect();
        let mut done = Vec::new();
        for thread in threads {
            done.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        // Does the remaining work if no thread could be started. This thread keeps the descriptor table that
        // it shares with others.
        done.extend(work());
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().flat_map(|(_, staged)| staged).collect()
}

fn names_of(folder: &StageFolder) -> Vec<&[u8]> {
    folder.names.split(|byte| *byte == b'/').collect()
}

/// Each task is the index of a folder and a range of its files.
fn tasks_of(names: &[Vec<&[u8]>]) -> Vec<(usize, Range<usize>)> {
    let mut tasks = Vec::new();
    for (folder, names) in names.iter().enumerate() {
        for start in (0..names.len()).step_by(FILES_AT_ONCE) {
            tasks.push((folder, start..names.len().min(start + FILES_AT_ONCE)));
        }
    }
    tasks
}

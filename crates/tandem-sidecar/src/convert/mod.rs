//! The part of a convert that is worth two engines: reading, judging and encoding files, and writing what their targets are to hold,
//! many at once. `spec/sidecar/convert.md`, "Plain files". All else is in packages/sidecar/src/convert.

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

/// Files that a thread takes at a time. Threads that make files in one folder wait for each other, so nearly every folder is one
/// thread's alone.
const FILES_AT_ONCE: usize = 512;

/// One result for each file, in their order. A panic of a thread is the caller's; files that were staged until then stay.
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
        // All that is left where no thread could be started; the caller's descriptors are not its own.
        done.extend(work());
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().flat_map(|(_, staged)| staged).collect()
}

fn names_of(folder: &StageFolder) -> Vec<&[u8]> {
    folder.names.split(|byte| *byte == b'/').collect()
}

/// By index of the folder, and of the files in it.
fn tasks_of(names: &[Vec<&[u8]>]) -> Vec<(usize, Range<usize>)> {
    let mut tasks = Vec::new();
    for (folder, names) in names.iter().enumerate() {
        for start in (0..names.len()).step_by(FILES_AT_ONCE) {
            tasks.push((folder, start..names.len().min(start + FILES_AT_ONCE)));
        }
    }
    tasks
}

//! Steps 2 and 4: what is made durable, and what it means for those that wait for it.

use super::batch::{Batch, Stage};
use super::shared::Shared;
use super::stage::Hand;
use super::worker::Worker;
use std::collections::{HashMap, HashSet};
use std::io;
use tandem_common::ErrorCode;
use tandem_common::durable::{FileSystems, Steps, code_of};

/// File systems by device, each with a folder on it.
pub(super) type Devices = HashMap<u64, Vec<u8>>;

/// Whose turn it is: everything that waits for a sync. Gives the file systems.
pub(super) fn begin<'a>(batches: impl Iterator<Item = &'a mut Batch>) -> Devices {
    let mut devices = Devices::new();
    for Batch {
        parts,
        entries,
        works,
        ..
    } in batches
    {
        for work in works {
            work.stage = match work.stage {
                Stage::Staged => Stage::Writing,
                Stage::Proved => Stage::Naming,
                _ => continue,
            };
            let device = work.made.device;
            devices
                .entry(device)
                .or_insert_with(|| parts[entries[work.entry].part].path.to_vec());
        }
    }
    devices
}

/// The file systems that could not be synced as a whole.
pub(super) fn sync_devices(
    systems: &mut FileSystems,
    devices: &Devices,
    steps: &Steps,
) -> HashSet<u64> {
    let unsynced = devices
        .iter()
        .filter(|(device, folder)| systems.sync(**device, folder, steps).is_err());
    unsynced.map(|(device, _)| *device).collect()
}

/// What is durable goes on. On file systems that cannot be synced as a whole, or where that failed, files and folders are synced one
/// by one, which also tells which of them it is.
pub(super) fn end(
    batch: &mut Batch,
    unsynced: &HashSet<u64>,
    worker: &mut Worker,
    shared: &Shared,
) {
    for work in &mut batch.works {
        let next = match work.stage {
            Stage::Writing => Stage::Written,
            Stage::Naming => Stage::Secure,
            _ => continue,
        };
        if !unsynced.contains(&work.made.device) {
            work.stage = next;
        }
    }
    if unsynced.is_empty() {
        return;
    }
    worker.each(batch, Stage::Writing, shared, |hand| {
        match sync_bytes(hand) {
            Ok(()) => hand.work.stage = Stage::Written,
            Err(error) => hand.fail(code_of(&error)),
        }
    });
    let mut last: Option<(usize, Option<ErrorCode>)> = None;
    worker.each(batch, Stage::Naming, shared, |hand| {
        let part = hand.entry.part;
        let known = last.filter(|(known, _)| *known == part);
        let (_, code) = *last.insert(known.unwrap_or_else(|| {
            let synced = hand.open.folder.sync(&hand.shared.steps);
            (part, synced.err().map(|error| code_of(&error)))
        }));
        match code {
            None => hand.work.stage = Stage::Secure,
            Some(code) => hand.fail(code),
        }
    });
}

fn sync_bytes(hand: &mut Hand<'_>) -> io::Result<()> {
    let shared = hand.shared;
    let name = if hand.work.is_there {
        shared.target_name(hand.name)
    } else {
        shared.staged_name(hand.work.staged)
    };
    hand.open.folder.sync_file(&name, &shared.steps)
}

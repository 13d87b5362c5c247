//! Steps 1, 3, 5 and 7 of `spec/sidecar/convert.md` for one file, and what is done where one fails.

use super::batch::{Entry, ProvedFile, Stage, Work};
use super::claim;
use super::others::is_dead_claim;
use super::plan::Open;
use super::shared::Shared;
use super::state::State;
use sha2::{Digest, Sha256};
use std::io::{self, ErrorKind};
use tandem_common::durable::{FileId, Like, Placed, code_of};
use tandem_common::file::{FactsWanted, Reader, Want};
use tandem_common::{ErrorCode, Fault};

/// One conversion with all that a step needs.
pub(super) struct Hand<'a> {
    pub work: &'a mut Work,
    pub entry: &'a mut Entry,
    /// Of the source.
    pub name: &'a [u8],
    pub open: &'a mut Open,
    pub reader: &'a mut Reader,
    pub shared: &'a Shared,
}

const WHOLE: Want = Want {
    head: 0,
    facts: FactsWanted::Never,
    unlimited: true,
    steady: false,
};

impl Hand<'_> {
    /// Step 1. A target that was found needs no staged file.
    pub(super) fn stage(&mut self) {
        let staged = if self.work.is_there {
            self.make_target_like()
        } else {
            self.create()
        };
        if let Err(error) = staged {
            self.fail(code_of(&error));
        }
    }

    /// A target that was found gets what its source has, as the source is going to be removed.
    fn make_target_like(&mut self) -> io::Result<()> {
        let target = self.shared.target_name(self.name);
        let status = self.work.status;
        let like = Like {
            name: self.name,
            status: &status,
            with_times: true,
        };
        let folder = &mut self.open.folder;
        folder.make_like(&target, like, &self.shared.steps)
    }

    fn create(&mut self) -> io::Result<()> {
        let status = self.work.status;
        let like = Like {
            name: self.name,
            status: &status,
            with_times: true,
        };
        loop {
            self.work.staged = self.shared.next_number();
            let staged = self.shared.staged_name(self.work.staged);
            match self
                .open
                .folder
                .create(&staged, &self.work.bytes, Some(like), &self.shared.steps)
            {
                Ok(made) => {
                    self.work.made = made;
                    return Ok(());
                }
                Err(error) => {
                    // There is none, or it is not ours to remove.
                    self.work.staged = 0;
                    // Taken names are passed over.
                    if error.kind() != ErrorKind::AlreadyExists {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Steps 3 and 5.
    pub(super) fn place(&mut self) {
        match self.state() {
            State::Same => {}
            State::Changed => return self.fail(ErrorCode::Changed),
            State::Gone => return self.fail(ErrorCode::NotFound),
        }
        let target = self.shared.target_name(self.name);
        if !self.work.is_there {
            match self.place_staged(&target) {
                Ok(None) => {}
                Ok(Some(code)) => return self.fail(code),
                Err(error) => return self.fail(code_of(&error)),
            }
        }
        if !self.work.in_place {
            self.work.proved = self.prove(&target).map(Box::new);
            if self.work.proved.is_none() {
                return self.fail(ErrorCode::ProofFailed);
            }
        }
        self.work.bytes = Vec::new();
        self.work.stage = Stage::Proved;
    }

    fn place_staged(&mut self, target: &[u8]) -> io::Result<Option<ErrorCode>> {
        let shared = self.shared;
        let staged = shared.staged_name(self.work.staged);
        if self.work.in_place {
            // Nothing could be put back after the rename, so it is proved before.
            if !self.holds(&staged) {
                return Ok(Some(ErrorCode::ProofFailed));
            }
            self.open.folder.replace(&staged, target, &shared.steps)?;
        } else {
            if self.work.is_claimed && self.is_still_claimed(target) {
                self.open.folder.unlink(target, &shared.steps)?;
            }
            let folder = &mut self.open.folder;
            let is_placed = match folder.place(&staged, target, &shared.steps)? {
                Placed::Done => true,
                Placed::Taken => false,
                Placed::NeedsClaim => claim::place(
                    folder,
                    &staged,
                    target,
                    &shared.request.run.id,
                    &shared.steps,
                )?,
            };
            if !is_placed {
                return Ok(Some(ErrorCode::TargetExists));
            }
        }
        self.work.staged = 0;
        self.work.placed = true;
        Ok(None)
    }

    fn is_still_claimed(&mut self, target: &[u8]) -> bool {
        let content = self.reader.read(&mut self.open.place, target, WHOLE);
        content.is_ok_and(|content| is_dead_claim(content.bytes, self.shared))
    }

    /// Step 7.
    pub(super) fn remove(&mut self) {
        let is_secure = std::mem::replace(&mut self.work.stage, Stage::Over) == Stage::Secure;
        if !is_secure || self.work.in_place || self.shared.request.keep {
            return;
        }
        match self.state() {
            // Somebody else removed it; the document is in the target, and stays there.
            State::Gone => {}
            State::Changed => self.fail(ErrorCode::Changed),
            // The last look before the last copy but one goes: a run that knows nothing of our locks may have had the target in hand.
            State::Same if !self.is_still_proved() => self.fail(ErrorCode::TargetChanged),
            State::Same => {
                if let Err(error) = self.open.folder.unlink(self.name, &self.shared.steps) {
                    self.fail(code_of(&error));
                }
            }
        }
    }

    fn state(&mut self) -> State {
        let Open { place, folder } = &mut *self.open;
        self.work
            .source
            .state(self.name, folder, place, self.reader)
    }

    /// Whether a file holds exactly the new bytes.
    fn holds(&mut self, name: &[u8]) -> bool {
        let content = self.reader.read(&mut self.open.place, name, WHOLE);
        content.is_ok_and(|content| content.bytes == self.work.bytes)
    }

    /// Reads the target back; None where it does not hold exactly the new bytes.
    fn prove(&mut self, target: &[u8]) -> Option<ProvedFile> {
        let want = Want {
            facts: FactsWanted::First,
            ..WHOLE
        };
        let content = self.reader.read(&mut self.open.place, target, want).ok()?;
        let facts = content.facts()?;
        (content.bytes == self.work.bytes).then(|| ProvedFile {
            id: FileId {
                device: facts.device,
                inode: facts.inode,
            },
            size: content.bytes.len() as u64,
            changed_ns: facts.changed_ns,
            digest: Sha256::digest(content.bytes).into(),
        })
    }

    /// Whether the target is there still and holds the same: by what the system says of it, and where that is something else, by its bytes.
    fn is_still_proved(&mut self) -> bool {
        let target = self.shared.target_name(self.name);
        let Some(proved) = &self.work.proved else {
            return false;
        };
        let now = match self.open.folder.status(&target) {
            Ok(Some(now)) if now.is_file && now.size == proved.size => now,
            _ => return false,
        };
        if now.id == proved.id && now.changed_ns == proved.changed_ns {
            return true;
        }
        let content = self.reader.read(&mut self.open.place, &target, WHOLE);
        content.is_ok_and(|content| Sha256::digest(content.bytes)[..] == proved.digest)
    }

    /// Makes the row a failure, and leaves the tree as if the file had never been touched.
    pub(super) fn fail(&mut self, code: ErrorCode) {
        let mut fault = Fault::new(code);
        if matches!(code, ErrorCode::TargetExists | ErrorCode::TargetChanged) {
            let target = self.shared.target_name(self.name);
            fault = fault.with("target", String::from_utf8_lossy(&target));
        }
        self.entry.outcome.fail(fault);
        // What somebody changed is not ours to take back.
        self.work.placed &= code != ErrorCode::TargetChanged;
        self.undo();
    }

    /// While the source is there the document is; a target whose source is gone may be all there is of it.
    pub(super) fn undo(&mut self) {
        let steps = &self.shared.steps;
        self.work.stage = Stage::Over;
        self.work.bytes = Vec::new();
        if self.work.staged != 0 {
            // What cannot be removed now the next run sweeps up.
            let staged = self.shared.staged_name(self.work.staged);
            let _ = self.open.folder.unlink(&staged, steps);
            self.work.staged = 0;
        }
        if self.work.placed && !self.work.in_place {
            let target = self.shared.target_name(self.name);
            let now = self.open.folder.status(&target);
            let is_ours = now.is_ok_and(|now| now.is_some_and(|now| now.id == self.work.made));
            if is_ours && self.state() != State::Gone {
                let _ = self.open.folder.unlink(&target, steps);
            }
        }
    }
}

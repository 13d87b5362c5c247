//! Steps 1, 3, 5 and 7 of `spec/sidecar/convert.md` for one file, and what is done where one fails.

use super::batch::{Entry, Stage, Work};
use super::claim;
use super::others::is_dead_claim;
use super::plan::Open;
use super::shared::Shared;
use super::state::State;
use std::io::{self, ErrorKind};
use tandem_common::durable::{Placed, code_of};
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
    /// Step 1. A target that was found needs none.
    pub(super) fn stage(&mut self) {
        if self.work.is_there {
            return;
        }
        if let Err(error) = self.create() {
            self.fail(code_of(&error));
        }
    }

    fn create(&mut self) -> io::Result<()> {
        let access = Some(self.work.access);
        loop {
            self.work.staged = self.shared.next_number();
            let staged = self.shared.staged_name(self.work.staged);
            match self
                .open
                .folder
                .create(&staged, &self.work.bytes, access, &self.shared.steps)
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
        if !self.work.in_place && !self.holds(&target) {
            return self.fail(ErrorCode::ProofFailed);
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

    /// Makes the row a failure, and leaves the tree as if the file had never been touched.
    pub(super) fn fail(&mut self, code: ErrorCode) {
        let mut fault = Fault::new(code);
        if code == ErrorCode::TargetExists {
            let target = self.shared.target_name(self.name);
            fault = fault.with("target", String::from_utf8_lossy(&target));
        }
        self.entry.outcome.fail(fault);
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

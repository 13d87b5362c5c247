//! `syncSystem(descriptor)`: one sync for everything written to a file system.

use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Error, Result, Status, Task};
use napi_derive::napi;
use tandem_common::new_file;

pub struct SyncTask(i32);

/// Makes all bytes and names durable on the file system of an open file, which stays open until
/// then. Rejects if the system cannot do that, or fails to.
#[napi(catch_unwind, ts_return_type = "Promise<void>")]
#[must_use]
pub fn sync_system(descriptor: i32) -> AsyncTask<SyncTask> {
    AsyncTask::new(SyncTask(descriptor))
}

impl Task for SyncTask {
    type Output = ();
    type JsValue = ();

    fn compute(&mut self) -> Result<()> {
        new_file::sync_system(self.0)
            .map_err(|error| Error::new(Status::GenericFailure, error.to_string()))
    }

    fn resolve(&mut self, _env: Env, done: ()) -> Result<()> {
        Ok(done)
    }
}

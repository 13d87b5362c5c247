//! Every change to a disk is a step, and a test can watch each of them, refuse it as a system does, or end there.

use crate::path::join;
use std::fmt::Debug;
use std::io;
use std::sync::Arc;

/// What is done; the words of packages/files/src/file-steps.ts, and those for what only this engine does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Create,
    Append,
    Write,
    Mode,
    Owner,
    /// ACL and extended attributes.
    Attributes,
    Times,
    Sync,
    SyncFolder,
    /// A whole file system.
    SyncSystem,
    Link,
    /// To a name that nothing has.
    Place,
    Rename,
    Unlink,
}

/// One change. Paths are raw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub what: What,
    pub path: Vec<u8>,
    /// The new name of what gets one.
    pub to: Vec<u8>,
}

/// A test instrument.
pub trait Watch: Debug + Send + Sync {
    /// Told of each change before it is made. An error is taken for the system's answer, and nothing is done.
    fn before(&self, step: &Step) -> io::Result<()>;

    /// Told when it is over, however it ended.
    fn after(&self, _step: &Step) {}
}

/// What is looked at before each change: whether the run may make any.
pub trait Guard: Debug + Send + Sync {
    /// The error is what the change fails with.
    fn hold(&self) -> io::Result<()>;
}

/// The one way to change a disk: what is looked at before each change, and whom it is told to, in earnest nobody.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    watch: Option<Arc<dyn Watch>>,
    guard: Option<Arc<dyn Guard>>,
}

/// A change that is being made; it is over when this is dropped.
#[must_use]
pub struct Begun(Option<Box<(Arc<dyn Watch>, Step)>>);

impl Steps {
    #[must_use]
    pub fn watched_by(watch: impl Watch + 'static) -> Self {
        Self {
            watch: Some(Arc::new(watch)),
            guard: None,
        }
    }

    /// The same steps, each of them only where the guard lets it.
    #[must_use]
    pub fn guarded_by(&self, guard: Arc<dyn Guard>) -> Self {
        Self {
            watch: self.watch.clone(),
            guard: Some(guard),
        }
    }

    /// Of `name` in `folder`; either may be empty.
    pub fn begin(&self, what: What, folder: &[u8], name: &[u8]) -> io::Result<Begun> {
        self.begin_naming(what, folder, name, b"")
    }

    /// Of a change that gives what is called `name` the name `to`.
    pub fn begin_naming(
        &self,
        what: What,
        folder: &[u8],
        name: &[u8],
        to: &[u8],
    ) -> io::Result<Begun> {
        if let Some(guard) = &self.guard {
            guard.hold()?;
        }
        let Some(watch) = &self.watch else {
            return Ok(Begun(None));
        };
        let path = join(folder, name);
        let to = if to.is_empty() {
            Vec::new()
        } else {
            join(folder, to)
        };
        let step = Step { what, path, to };
        watch.before(&step)?;
        Ok(Begun(Some(Box::new((Arc::clone(watch), step)))))
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if let Some(begun) = &self.0 {
            begun.0.after(&begun.1);
        }
    }
}

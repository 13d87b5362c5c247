//! `stageFiles(request)`: the part of a convert that runs on threads of this engine.

use crate::error::engine;
use napi::bindgen_prelude::{AsyncTask, BigInt, Buffer};
use napi::{Env, Result, Task};
use napi_derive::napi;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tandem_common::new_file::FileId;
use tandem_common::pipeline::Panic;
use tandem_common::{Fault, hex};
use tandem_sidecar::convert::{
    self, Skip, SourceFile, StageFolder, StageRequest, Staged, StagedFile, Status,
};
use tandem_sidecar::formats::Extension;

/// Plain files of a convert: spec/sidecar/convert.md. Checked and complete: the addon has no
/// defaults.
#[napi(object, object_to_js = false)]
pub struct NativeStageRequest {
    #[napi(ts_type = "readonly NativeStageFolder[]")]
    pub folders: Vec<NativeStageFolder>,
    /// Only this operation (snake_case), or '' for all.
    pub operation: String,
    /// The name of a format.
    pub to: String,
    /// Writes the older tool's form into .bin or .rkyv.
    pub legacy_layout: bool,
    /// Bytes.
    pub max_size: f64,
    pub max_depth: u32,
    /// The run's id, which names the staged files: spec/locks.md, "Runs".
    pub run: String,
    pub workers: u32,
}

/// Files of one folder.
#[napi(object, object_to_js = false)]
pub struct NativeStageFolder {
    /// Raw bytes of its path, with a slash at the end.
    pub path: Buffer,
    /// Raw bytes of the names of the files, with a slash between two.
    pub names: Buffer,
    /// The number of the first staged file; the others follow. 0: nothing is written in this
    /// folder.
    pub first: u32,
}

/// The result for one file.
#[napi(object, object_from_js = false)]
pub struct NativeStaged {
    /// `left_out`: of another operation.
    #[napi(ts_type = "'converted' | 'skipped' | 'failed' | 'left_out'")]
    pub status: String,
    pub reason: Option<String>,
    pub kind: Option<String>,
    pub fault: Option<NativeFault>,
    pub from: Option<String>,
    /// Whether the row names the target.
    pub has_target: bool,
    pub bytes_before: Option<i64>,
    pub bytes_after: Option<i64>,
    pub respelled: bool,
    /// Bytes read.
    pub read: i64,
    /// The source as it was read; only if its target was written.
    pub source: Option<NativeSourceFile>,
    /// The file with the bytes of the target.
    pub file: Option<NativeStagedFile>,
}

/// An error of one file.
#[napi(object, object_from_js = false)]
pub struct NativeFault {
    pub code: String,
    pub message: String,
    pub hint: String,
    pub offset: Option<i64>,
    pub line: Option<i64>,
    pub column: Option<i64>,
}

/// A source as it was read.
#[napi(object, object_from_js = false)]
pub struct NativeSourceFile {
    pub device: BigInt,
    pub inode: BigInt,
    pub size: BigInt,
    /// Nanoseconds since 1970, negative before.
    pub modified_ns: BigInt,
    /// SHA-256 in hex, if its times alone do not show every change.
    pub digest: Option<String>,
}

/// A file with the bytes of a target.
#[napi(object, object_from_js = false)]
pub struct NativeStagedFile {
    /// The number in its name.
    pub number: i64,
    pub device: BigInt,
    pub inode: BigInt,
    /// SHA-256 of its bytes, in hex.
    pub digest: String,
}

pub struct StageTask(StageRequest);

/// Reads files, judges them, and makes and stages the targets of those that are to be converted,
/// many at once. Returns one result per file, in their order. Rejects only for a failure of the
/// engine; then any of the staged files may exist.
#[napi(catch_unwind, ts_return_type = "Promise<NativeStaged[]>")]
pub fn stage_files(request: NativeStageRequest) -> Result<AsyncTask<StageTask>> {
    Ok(AsyncTask::new(StageTask(flat(request)?)))
}

impl Task for StageTask {
    type Output = Vec<Staged>;
    type JsValue = Vec<NativeStaged>;

    fn compute(&mut self) -> Result<Vec<Staged>> {
        catch_unwind(AssertUnwindSafe(|| convert::stage(&self.0)))
            .map_err(|panic| engine(&Panic::of(&*panic).0))
    }

    fn resolve(&mut self, _env: Env, staged: Vec<Staged>) -> Result<Vec<NativeStaged>> {
        Ok(staged.into_iter().map(native).collect())
    }
}

fn flat(request: NativeStageRequest) -> Result<StageRequest> {
    let to = Extension::named(&request.to).ok_or_else(|| engine("no such format"))?;
    let folders = request.folders.into_iter().map(|folder| StageFolder {
        path: folder.path.to_vec(),
        names: folder.names.to_vec(),
        first: u64::from(folder.first),
    });
    Ok(StageRequest {
        folders: folders.collect(),
        operation: request.operation,
        to,
        legacy_layout: request.legacy_layout,
        // Checked to be a whole number; Infinity saturates.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        max_size: request.max_size as u64,
        max_depth: request.max_depth,
        run: request.run,
        workers: request.workers as usize,
    })
}

fn native(staged: Staged) -> NativeStaged {
    let Staged {
        outcome,
        read,
        file,
    } = staged;
    let (status, skip, fault) = match outcome.status {
        Status::LeftOut => ("left_out", None, None),
        Status::Converted => ("converted", None, None),
        Status::Skipped(skip) => ("skipped", Some(skip), None),
        Status::Failed(fault) => ("failed", None, Some(fault)),
    };
    NativeStaged {
        status: status.to_owned(),
        reason: skip.map(|skip| skip.reason().to_owned()),
        kind: skip.and_then(Skip::kind).map(str::to_owned),
        fault: fault.as_deref().map(fault_of),
        from: outcome.from.map(|format| format.name().to_owned()),
        has_target: outcome.has_target,
        bytes_before: outcome.bytes_before.map(number),
        bytes_after: outcome.bytes_after.map(number),
        respelled: outcome.respelled,
        read: number(read),
        source: file.as_deref().map(|(source, _)| source_of(source)),
        file: file.as_deref().map(|(_, file)| file_of(file)),
    }
}

fn fault_of(fault: &Fault) -> NativeFault {
    NativeFault {
        code: fault.code.code().to_owned(),
        message: fault.message(),
        hint: fault.hint(),
        offset: fault.offset.map(number),
        line: fault.line.map(number),
        column: fault.column.map(number),
    }
}

fn source_of(source: &SourceFile) -> NativeSourceFile {
    let FileId { device, inode } = source.id;
    NativeSourceFile {
        device: device.into(),
        inode: inode.into(),
        size: source.size.into(),
        modified_ns: source.modified_ns.into(),
        digest: source.digest.as_ref().map(|digest| hex(digest)),
    }
}

fn file_of(file: &StagedFile) -> NativeStagedFile {
    let FileId { device, inode } = file.id;
    NativeStagedFile {
        number: number(file.number),
        device: device.into(),
        inode: inode.into(),
        digest: hex(&file.digest),
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

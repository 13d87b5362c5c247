//! `join(request)`: the files of a schema, one after another.

use crate::error::{domain, engine};
use crate::stream::NativeStream;
use napi::Result;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use tandem_schema::join::{self, JoinRequest};

/// A join of SQL files: spec/schema/join.md. Checked and complete: the addon has no defaults.
#[napi(object, object_to_js = false)]
#[allow(clippy::struct_excessive_bools)]
pub struct NativeJoinRequest {
    /// Raw bytes of each path, a NUL after each.
    pub paths: Buffer,
    /// The label of each path, a NUL after each.
    pub labels: Buffer,
    /// The text around the label in front of each file. They may contain NULs.
    #[napi(ts_type = "readonly Buffer[]")]
    pub pieces: Vec<Buffer>,
    /// Otherwise the bytes of each file as they are, with a NUL after them.
    pub text: bool,
    /// Reads the SQL too.
    pub lex: bool,
    /// Counts the lines of each file.
    pub lines: bool,
    /// Computes SHA-256 of each file.
    pub digests: bool,
    /// Reports what statements create; with `lex` only.
    pub definitions: bool,
    /// The largest size of one file, bytes.
    pub max_size: f64,
    pub workers: u32,
    /// The cursor of the last delivered batch, or '' to begin.
    pub after: String,
}

/// Begins a join; throws a domain error at once if the request cannot begin.
#[napi(catch_unwind)]
pub fn join(request: NativeJoinRequest) -> Result<NativeStream> {
    let pipeline = join::start(flat(request)?).map_err(|fault| domain(&fault, &[]))?;
    NativeStream::begin(pipeline, Vec::new())
}

fn flat(request: NativeJoinRequest) -> Result<JoinRequest> {
    let paths = texts(&request.paths);
    let labels = texts(&request.labels);
    if paths.len() != labels.len() {
        return Err(engine("not one label a path"));
    }
    Ok(JoinRequest {
        paths,
        labels,
        pieces: request.pieces.iter().map(|piece| piece.to_vec()).collect(),
        text: request.text,
        lex: request.lex,
        lines: request.lines,
        digests: request.digests,
        definitions: request.definitions,
        // Checked to be a whole number; Infinity saturates.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        max_size: request.max_size as u64,
        workers: request.workers as usize,
        after: request.after,
    })
}

/// The text before each NUL.
fn texts(bytes: &[u8]) -> Vec<Vec<u8>> {
    let whole = bytes.strip_suffix(b"\0");
    whole.map_or_else(Vec::new, |bytes| {
        bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect()
    })
}

//! `analyzeLog(block, request)`: one block of a log, on a thread of libuv's pool.

use crate::error::engine;
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi::{Env, Result, Task};
use napi_derive::napi;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tandem_common::pipeline::Panic;
use tandem_infra::logs::{Before, Settings, analyze, pattern};

/// A block of a log: spec/infra/logs.md. Checked and complete: the addon has no defaults.
#[napi(object, object_to_js = false)]
pub struct NativeLogRequest {
    /// Mine templates.
    pub templates: bool,
    /// Count the entries whose first line has a match; translated.
    pub patterns: Vec<String>,
    /// Milliseconds since 1970: entries from this time on. -Infinity for all.
    pub since: f64,
    /// Entries before this time. Infinity for all.
    pub until: f64,
    /// Minutes east of UTC of a time without a zone.
    pub zone: i32,
    /// The year of a time without one.
    pub year: i32,
    /// Whether the block begins inside a line that began in an earlier block.
    pub is_inside_line: bool,
    /// What the last line before the block is.
    #[napi(ts_type = "'none' | 'plain' | 'indented'")]
    pub before: String,
}

pub struct LogTask {
    block: Buffer,
    settings: Settings,
    is_inside_line: bool,
    before: Before,
}

/// Analyzes a block, which must not change until then. Returns its result as JSON. Rejects only for a
/// failure of the engine.
#[napi(catch_unwind, ts_return_type = "Promise<string>")]
pub fn analyze_log(block: Buffer, request: NativeLogRequest) -> Result<AsyncTask<LogTask>> {
    let NativeLogRequest {
        templates,
        patterns,
        since,
        until,
        zone,
        year,
        is_inside_line,
        before,
    } = request;
    let patterns = patterns.iter().map(|source| pattern(source));
    let patterns = patterns.collect::<std::result::Result<_, _>>();
    let settings = Settings {
        templates,
        patterns: patterns.map_err(|error| engine(&error))?,
        since,
        until,
        zone,
        year,
    };
    let before = Before::named(&before).ok_or_else(|| engine("no such line before"))?;
    Ok(AsyncTask::new(LogTask {
        block,
        settings,
        is_inside_line,
        before,
    }))
}

impl Task for LogTask {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<String> {
        let work = || {
            analyze(
                &self.settings,
                &self.block,
                self.is_inside_line,
                self.before,
            )
        };
        catch_unwind(AssertUnwindSafe(work)).map_err(|panic| engine(&Panic::of(&*panic).0))
    }

    fn resolve(&mut self, _env: Env, result: String) -> Result<String> {
        Ok(result)
    }
}

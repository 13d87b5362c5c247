//! Errors across the boundary. napi cannot set the `code` of a rejected promise's error, so a domain error,
//! thrown or rejected, has the message `ERR_TANDEM_X: {json}`. The JSON is `TandemErrorOptions` of
//! packages/engine: `params` fill the template, `path` is the file or folder with the error. Any other
//! message is a failure of this engine.

use napi::{Error, Status};
use tandem_common::Fault;
use tandem_common::json_string::write_string;

/// `path` is raw; empty if there is none.
pub fn domain(fault: &Fault, path: &[u8]) -> Error {
    let mut json = b"{\"params\":{".to_vec();
    for (place, (name, value)) in fault.params().iter().enumerate() {
        if place > 0 {
            json.push(b',');
        }
        push(&mut json, name);
        json.push(b':');
        push(&mut json, value);
    }
    json.push(b'}');
    if !path.is_empty() {
        json.extend_from_slice(b",\"path\":");
        push(&mut json, &String::from_utf8_lossy(path));
    }
    json.push(b'}');
    let json = String::from_utf8_lossy(&json);
    Error::new(
        Status::GenericFailure,
        format!("{}: {json}", fault.code.code()),
    )
}

pub fn engine(reason: &str) -> Error {
    Error::new(Status::GenericFailure, reason.to_owned())
}

fn push(json: &mut Vec<u8>, text: &str) {
    if write_string(json, text.as_bytes()).is_err() {
        json.extend_from_slice(b"\"\"");
    }
}

//! An error as a row reports it: a code of `spec/errors`, its position in the file, and the
//! parameters of the template.

use crate::ErrorCode;

/// Created only for errors, so it may allocate. Offsets count bytes from the start of the file; lines and
/// columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: ErrorCode,
    pub offset: Option<u64>,
    pub line: Option<u64>,
    pub column: Option<u64>,
    params: Vec<(&'static str, String)>,
}

impl Fault {
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            offset: None,
            line: None,
            column: None,
            params: Vec::new(),
        }
    }

    #[must_use]
    pub fn at(code: ErrorCode, offset: u64) -> Self {
        Self {
            offset: Some(offset),
            ..Self::new(code)
        }
    }

    /// Sets line and column, for an offset in text.
    #[must_use]
    pub fn placed(mut self, line: u64, column: u64) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// Fills `{name}` in the message and the hint.
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // `.with("size", 3)` reads better than a reference to a literal.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    #[must_use]
    pub fn params(&self) -> &[(&'static str, String)] {
        &self.params
    }

    #[must_use]
    pub fn message(&self) -> String {
        fill(self.code.message(), &self.params)
    }

    #[must_use]
    pub fn hint(&self) -> String {
        fill(self.code.hint(), &self.params)
    }
}

/// Replaces each `{name}` by its parameter; a name without a parameter stays unchanged, as in the TypeScript
/// engine.
fn fill(template: &str, params: &[(&'static str, String)]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            break;
        };
        let name = &rest[open + 1..open + length];
        text.push_str(&rest[..open]);
        match params.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => text.push_str(value),
            None => text.push_str(&rest[open..=open + length]),
        }
        rest = &rest[open + length + 1..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_codes;

    #[test]
    fn fills_the_template_once_and_leaves_what_is_not_given() {
        let fault = Fault::new(error_codes::TOO_LARGE)
            .with("size", "{limit}")
            .with("limit", 5);
        assert_eq!(
            fault.message(),
            "the file is {limit} bytes, more than the limit of 5"
        );
        let bare = Fault::new(error_codes::TARGET_EXISTS);
        assert_eq!(bare.message(), "{target} already exists with other content");
    }
}

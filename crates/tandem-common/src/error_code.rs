//! Error codes. Each crate has a table of its own, generated from `spec/errors`.

/// A code: an entry of a table.
#[derive(Clone, Copy, Debug)]
pub struct ErrorCode(&'static ErrorDefinition);

/// One entry of `spec/errors`.
#[derive(Debug)]
pub struct ErrorDefinition {
    /// The name users see, such as `ERR_TANDEM_NOT_FOUND`.
    pub code: &'static str,
    /// A template: `{name}` is replaced when the error is made.
    pub message: &'static str,
    /// The cure, also a template.
    pub hint: &'static str,
}

impl PartialEq for ErrorCode {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for ErrorCode {}

impl ErrorCode {
    #[must_use]
    pub const fn new(definition: &'static ErrorDefinition) -> Self {
        Self(definition)
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0.code
    }

    #[must_use]
    pub const fn message(self) -> &'static str {
        self.0.message
    }

    #[must_use]
    pub const fn hint(self) -> &'static str {
        self.0.hint
    }
}

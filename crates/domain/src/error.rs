//! The one error that reaches a user: a kind, a sentence that says what to do, and the field it is about.

words! {
    /// What went wrong, as the API names it. The HTTP status follows from it.
    pub enum ErrorKind {
        Invalid = "invalid",
        Unauthenticated = "unauthenticated",
        Forbidden = "forbidden",
        NotFound = "not_found",
        Conflict = "conflict",
        Throttled = "throttled",
        Vendor = "vendor",
        Internal = "internal",
    }
}

impl ErrorKind {
    /// HTTP status code of this kind.
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 422,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Throttled => 429,
            Self::Vendor => 502,
            Self::Internal => 500,
        }
    }
}

wire! {
    /// An error a user can act on. `message` is a whole sentence; `field` names the argument it is about; `id` finds
    /// the matching log line of an internal error.
    #[derive(thiserror::Error)]
    #[error("{message}")]
    pub struct UserError {
        pub kind: ErrorKind,
        pub message: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// Of what is throttled: in how many seconds it may be tried again, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub retry_after: Option<u64>,
    }
}

impl UserError {
    /// An error of `kind` with a sentence for the user.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), field: None, id: None, retry_after: None }
    }

    /// A field holds something that cannot be accepted; the message says how to mend it.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(ErrorKind::Invalid, message) }
    }

    /// Too much was asked for; `seconds` says when to try again.
    pub fn throttled(message: impl Into<String>, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(ErrorKind::Throttled, message) }
    }

    /// Nothing (visible to this user) has that id. `what` is a noun such as "company".
    pub fn not_found(what: &str) -> Self {
        Self::new(
            ErrorKind::NotFound,
            format!("This {what} no longer exists. Reload the page to see what is there now."),
        )
    }

    /// `field` names what is not there (for this user). `what` is a noun such as "company".
    pub fn gone(field: &str, what: &str) -> Self {
        let message = format!("This {what} no longer exists. Choose another one.");
        Self { field: Some(field.to_owned()), ..Self::new(ErrorKind::NotFound, message) }
    }

    /// An edit of what has changed since it was read. `what` is as it stands in a sentence, such as "this company".
    pub fn outdated(what: &str) -> Self {
        let message =
            format!("Somebody changed {what} a moment ago. Reload to see it; nothing of yours was saved.");
        Self::conflict(message)
    }

    /// Somebody else changed the same thing first.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }
}

/// A word that is not one of a closed set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a known value")]
pub struct UnknownWord(pub String);

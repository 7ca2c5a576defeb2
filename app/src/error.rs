//! The one error that crosses the wire, and the one place where an HTTP status is set.

use domain::error::{ErrorKind, UserError};
use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// What a server function answers when it fails: `{"error": {"kind", "message", "field"?, "id"?}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{error}")]
pub struct AppError {
    pub error: UserError,
}

impl AppError {
    /// The sentence for the user.
    pub fn message(&self) -> &str {
        &self.error.message
    }

    /// The sentence about what failed, behind `what` did not happen where that is sure.
    pub fn of(&self, what: &str) -> String {
        match self.error.kind {
            ErrorKind::Internal => self.error.message.clone(),
            _ => format!("{what} {}", self.error.message).trim_start().to_owned(),
        }
    }

    /// The sentence, if the error is about that field.
    pub fn about(&self, field: &str) -> Option<String> {
        (self.error.field.as_deref() == Some(field)).then(|| self.error.message.clone())
    }

    /// Whether the user has to sign in (again).
    pub fn is_unauthenticated(&self) -> bool {
        self.error.kind == ErrorKind::Unauthenticated
    }

    /// Whether the session has ended. What names a field is about credentials that were just typed.
    pub fn is_signed_out(&self) -> bool {
        self.is_unauthenticated() && self.error.field.is_none()
    }

    /// Whether the thing does not exist.
    pub fn is_not_found(&self) -> bool {
        self.error.kind == ErrorKind::NotFound
    }
}

impl From<UserError> for AppError {
    fn from(error: UserError) -> Self {
        set_status(error.kind.status());
        if let Some(seconds) = error.retry_after {
            set_retry_after(seconds);
        }
        Self { error }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        match value {
            E::Args(m) | E::MissingArg(m) | E::Deserialization(m) => unreadable_arguments(&m).into(),
            E::Request(_) => UserError::new(
                ErrorKind::Internal,
                "The server could not be reached. Check the connection and try again.",
            )
            .into(),
            other => UserError::new(ErrorKind::Internal, format!("Something went wrong on the way: {other}"))
                .into(),
        }
    }
}

/// An error that names the argument, as far as the decoder does: "missing field `name`", "field `name`: …".
fn unreadable_arguments(message: &str) -> UserError {
    let field = message.split_once("field `").and_then(|(_, rest)| Some(rest.split_once('`')?.0));
    let sentence = format!("The request could not be read: {}.", message.trim_end_matches('.'));
    UserError { field: field.map(str::to_owned), ..UserError::new(ErrorKind::Invalid, sentence) }
}

/// Answers the page under way with status 404; does nothing in the browser.
pub fn answer_not_found() {
    set_status(ErrorKind::NotFound.status());
}

/// Answers the page under way with status 403; does nothing in the browser.
pub fn answer_forbidden() {
    set_status(ErrorKind::Forbidden.status());
}

#[cfg(feature = "ssr")]
fn set_retry_after(seconds: u64) {
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(http::header::RETRY_AFTER, seconds.into());
    }
}

#[cfg(not(feature = "ssr"))]
const fn set_retry_after(_seconds: u64) {}

#[cfg(feature = "ssr")]
fn set_status(status: u16) {
    use leptos::prelude::use_context;
    // A page for a visitor who is not signed in redirects; its status is the redirect's.
    let page = use_context::<http::request::Parts>().is_some_and(|p| !p.uri.path().starts_with("/api/"));
    if page && status == ErrorKind::Unauthenticated.status() {
        return;
    }
    if let (Some(response), Ok(code)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(code);
    }
}

#[cfg(not(feature = "ssr"))]
fn set_status(_status: u16) {}

#[cfg(feature = "ssr")]
impl From<backend::Error> for AppError {
    /// The user gets the sentence; the chain of an internal error went to the log under the same id.
    fn from(error: backend::Error) -> Self {
        error.into_user_error().into()
    }
}

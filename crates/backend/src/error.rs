//! Two kinds of error, split by type: a sentence for the user, or an internal failure for the log.

use crate::db;
use domain::error::{ErrorKind, UserError};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use std::error::Error as StdError;

/// What a use case returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user can act on this.
    #[error("{0}")]
    User(#[from] UserError),
    /// The database did not answer in time.
    #[error("the database is busy")]
    Busy(#[source] DbErr),
    /// The answer to a write was lost: it may be done.
    #[error("a write was not answered")]
    Unanswered(#[source] DbErr),
    /// A vendor call failed.
    #[error(transparent)]
    Vendor(#[from] rmm::RmmError),
    /// A run stopped for a reason that its page explains.
    #[error("{}", .0.message)]
    Problem(Box<domain::vendor::Problem>),
    /// Another worker took the run over.
    #[error("the run's lease is lost")]
    LeaseLost,
    /// Nobody but us can mend this.
    #[error("internal error")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// An internal error with its cause.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// What the user is told. An internal error is logged here, once, with its chain; the user gets its id.
    pub fn into_user_error(self) -> UserError {
        match self {
            Self::User(error) => error,
            Self::Vendor(error) => UserError::new(ErrorKind::Vendor, error.problem("NinjaOne").message),
            Self::Problem(problem) => UserError::new(ErrorKind::Conflict, problem.message),
            Self::LeaseLost => UserError::conflict("Another worker took this over. Reload the page."),
            Self::Unanswered(cause) => not_known(&cause),
            // What was saved before stays.
            Self::Busy(cause) if db::is_saved() => not_known(&cause),
            Self::Busy(cause) => {
                tracing::warn!(error = %cause, "database busy");
                let message = "The database is busy. Nothing was changed; try again in a moment.";
                UserError { retry_after: Some(2), ..UserError::new(ErrorKind::Internal, message) }
            }
            Self::Internal(cause) => {
                let id = incident_id();
                tracing::error!(incident = %id, error = %chain(cause.as_ref()), "internal error");
                let mut error = UserError::new(
                    ErrorKind::Internal,
                    format!(
                        "Something went wrong on our side. Try again; if it stays, report incident {id}."
                    ),
                );
                error.id = Some(id);
                error
            }
        }
    }
}

/// Nobody tries again by himself what may be done.
fn not_known(cause: &DbErr) -> UserError {
    let id = incident_id();
    tracing::error!(incident = %id, error = %chain(cause), "whether a write was done is not known");
    let message = "It is not known whether this was saved. Look before you try again.";
    UserError { id: Some(id), ..UserError::new(ErrorKind::Internal, message) }
}

/// The random tail of a fresh id.
fn incident_id() -> String {
    crate::clock::new_id().simple().to_string()[20..].to_owned()
}

/// The messages of an error and all its causes.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    // In a log, what somebody sent begins no line of its own.
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error {
            error if db::is_unanswered(&error) => Self::Unanswered(error),
            error if is_busy(&error) => Self::Busy(error),
            error if is_unreadable(&error) => Self::User(UserError::new(
                ErrorKind::Invalid,
                "A text holds a character that cannot be stored (NUL). Remove it and try again.",
            )),
            error => Self::internal(error),
        }
    }
}

impl From<sqlite_direct::Error> for Error {
    fn from(error: sqlite_direct::Error) -> Self {
        Self::internal(error)
    }
}

fn is_busy(error: &DbErr) -> bool {
    let text = || error.to_string();
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(_)) | DbErr::Query(RuntimeErr::SqlxError(_)) => {
            let text = text();
            text.contains("database is locked")
                || text.contains("could not serialize")
                || text.contains("deadlock detected")
                || is_gone(&text)
        }
        _ => false,
    }
}

/// PostgreSQL takes no NUL in texts, wherever it stands in a statement.
fn is_unreadable(error: &DbErr) -> bool {
    error.to_string().contains("invalid byte sequence for encoding")
}

/// The server is stopping, starting, or has closed the connection.
fn is_gone(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "terminating connection",
        "is shutting down",
        "is starting up",
        "in recovery mode",
        "error communicating with database",
        "Connection refused",
        "Broken pipe",
        "unexpected end of file",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether a write failed because the same thing exists already.
pub(crate) fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

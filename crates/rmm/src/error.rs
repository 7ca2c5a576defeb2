//! What can go wrong with a vendor, told apart by what the user can do about it.

use domain::vendor::Problem;
use std::time::Duration;

/// A failed request, after all retries. Never holds a secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RmmError {
    #[error("the base URL is not acceptable: {0}")]
    BadUrl(String),
    /// The host has no public address and is not one the operator listed.
    #[error("the host may not be reached: {0}")]
    Blocked(String),
    #[error("the host could not be reached: {0}")]
    Unreachable(String),
    #[error("the secure connection failed: {0}")]
    Tls(String),
    #[error("the answer did not come in time")]
    Timeout,
    #[error("the host does not answer like the vendor's API: {0}")]
    NotThisVendor(String),
    #[error("the client id is not known on this instance")]
    UnknownClient,
    #[error("the client secret is wrong")]
    WrongSecret,
    #[error("the application lacks the scope that is needed")]
    MissingScope,
    #[error("the application may not use client credentials")]
    GrantRefused,
    #[error("the credentials were refused")]
    Unauthorized,
    #[error("no permission for {0}")]
    Forbidden(String),
    #[error("{0} does not exist on this instance")]
    NotAvailable(String),
    #[error("throttled by the vendor")]
    Throttled { retry_after: Option<Duration> },
    #[error("the vendor answered with status {0}")]
    Server(u16),
    #[error("the answer could not be read: {0}")]
    BadBody(String),
    #[error("the report was interrupted and has to start over")]
    ReportLost,
}

impl RmmError {
    /// Whether the credentials are to blame: asking again changes nothing.
    pub fn is_credentials(&self) -> bool {
        matches!(
            self,
            Self::UnknownClient
                | Self::WrongSecret
                | Self::MissingScope
                | Self::GrantRefused
                | Self::Unauthorized
        )
    }

    /// How a request ended, in one of a few words.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Throttled { .. } => "throttled",
            Self::Timeout => "timeout",
            Self::Unreachable(_) | Self::Tls(_) => "unreachable",
            Self::BadUrl(_) | Self::Blocked(_) => "blocked",
            Self::Server(_) => "server_error",
            Self::Forbidden(_) | Self::NotAvailable(_) => "not_permitted",
            Self::BadBody(_) | Self::NotThisVendor(_) | Self::ReportLost => "unreadable",
            Self::UnknownClient
            | Self::WrongSecret
            | Self::MissingScope
            | Self::GrantRefused
            | Self::Unauthorized => "refused",
        }
    }

    /// The cause and the fix in the user's words.
    pub fn problem(&self, vendor: &str) -> Problem {
        crate::http::problem::problem(self, vendor)
    }
}

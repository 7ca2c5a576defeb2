//! What went wrong with one try, and what that means for the next.

use super::{answer::Answer, pause, resolve::NotPublic};
use crate::RmmError;
use std::{error::Error, time::Duration};

/// What to do about a failed try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Go slower and try again.
    Throttle,
    /// Try again.
    Retry,
    /// Trying again changes nothing.
    GiveUp,
}

/// A failed try.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub remedy: Remedy,
    /// What the caller gets when there is no further try.
    pub error: RmmError,
    /// How long the vendor asks to wait.
    pub retry_after: Option<Duration>,
    /// The vendor surely did nothing yet: even a request that must not be repeated may be sent again.
    pub unprocessed: bool,
}

impl Trouble {
    /// Trying again changes nothing.
    pub fn last(error: RmmError) -> Self {
        Self { remedy: Remedy::GiveUp, error, retry_after: None, unprocessed: false }
    }

    /// Trying again may help.
    pub fn passing(error: RmmError) -> Self {
        Self { remedy: Remedy::Retry, ..Self::last(error) }
    }

    /// The body is not what was asked for: cut off, mangled, or of another kind.
    pub fn unreadable(what: impl Into<String>) -> Self {
        Self::passing(RmmError::BadBody(what.into()))
    }

    /// The vendor asks to go slower: 429, 503, or a web page in place of data (FACTS of the vendor decide which).
    pub fn throttled(answer: &Answer) -> Self {
        let retry_after = pause::retry_after(&answer.headers);
        Self {
            remedy: Remedy::Throttle,
            error: RmmError::Throttled { retry_after },
            retry_after,
            unprocessed: answer.status == 429,
        }
    }
}

/// Tells refusals of TLS, timeouts, blocked hosts and broken connections apart by the chain of sources. The texts name
/// no URL.
impl From<reqwest::Error> for Trouble {
    fn from(error: reqwest::Error) -> Self {
        let unprocessed = error.is_connect() || error.is_builder();
        let error = error.without_url();
        let trouble = if let Some(NotPublic(name)) = find::<NotPublic>(&error) {
            Self::last(RmmError::Blocked(name.clone()))
        } else if let Some(tls) = find(&error) {
            Self::tls(tls)
        } else if error.is_timeout() {
            Self::passing(RmmError::Timeout)
        } else if error.is_body() || error.is_decode() {
            Self::unreadable("it was cut off")
        } else {
            Self::passing(RmmError::Unreachable(root_cause(&error)))
        };
        Self { unprocessed, ..trouble }
    }
}

impl Trouble {
    /// A certificate that is refused now is refused a second later; a broken handshake may pass.
    fn tls(error: &rustls::Error) -> Self {
        tracing::warn!(%error, "no secure connection");
        let told = RmmError::Tls(reason(error).into());
        match error {
            rustls::Error::General(_) | rustls::Error::AlertReceived(_) => Self::passing(told),
            _ => Self::last(told),
        }
    }
}

/// Why a handshake failed, as part of a sentence.
fn reason(error: &rustls::Error) -> &'static str {
    use rustls::{CertificateError as Cert, Error};
    match error {
        Error::InvalidCertificate(Cert::Expired | Cert::ExpiredContext { .. }) => {
            "the certificate of the host has expired"
        }
        Error::InvalidCertificate(Cert::NotValidYet | Cert::NotValidYetContext { .. }) => {
            "the certificate of the host is not valid yet"
        }
        Error::InvalidCertificate(Cert::NotValidForName | Cert::NotValidForNameContext { .. }) => {
            "the certificate belongs to another host"
        }
        Error::InvalidCertificate(_) => "this server does not trust the certificate of the host",
        Error::InvalidMessage(_) => "the host does not speak TLS at this address",
        Error::PeerIncompatible(_) | Error::AlertReceived(_) => "the host refused the handshake",
        _ => "the handshake failed",
    }
}

fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// Looks through the IO errors too: they keep what they wrap out of the chain of sources.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    fn unwrap<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
        let wrapped = || unwrap(error.downcast_ref::<std::io::Error>()?.get_ref()?);
        error.downcast_ref().or_else(wrapped)
    }
    sources(error).find_map(unwrap)
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    sources(error).last().map(ToString::to_string).unwrap_or_default()
}

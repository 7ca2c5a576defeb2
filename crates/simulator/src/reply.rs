//! Answers: status, body, and how they are delivered.

use crate::body::Pieces;
use crate::clock;
use crate::fault::{FaultKind, RetryAfter};
use std::time::Duration;

const JSON: &str = "application/json";
const HTML: &str = "text/html;charset=utf-8";

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Pieces,
    pub retry_after: Option<String>,
    pub delay: Duration,
    pub delivery: Delivery,
    /// Which request it answers.
    pub number: u64,
}

/// How an answer goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// As it should.
    Whole,
    /// The second half this much later.
    Late(Duration),
    /// Only the first half.
    Cut,
    /// Not at all: the connection closes.
    Drop,
    /// The body over and over, as one array of 64 MB.
    Huge,
}

impl Reply {
    /// A body with a status.
    pub fn json(status: u16, body: impl Into<Pieces>) -> Self {
        Self {
            status,
            content_type: JSON,
            body: body.into(),
            retry_after: None,
            delay: Duration::ZERO,
            delivery: Delivery::Whole,
            number: 0,
        }
    }

    /// A page of HTML.
    fn html(status: u16, title: &str) -> Self {
        let body = format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        );
        Self { content_type: HTML, ..Self::json(status, body) }
    }

    /// NinjaOne: the error family of authentication and permissions.
    pub fn error(status: u16, error: &str, description: &str, code: u32) -> Self {
        let body =
            format!(r#"{{"error":"{error}","error_description":"{description}","error_code":{code}}}"#);
        Self::json(status, body)
    }

    /// NinjaOne: the error family with `resultCode` and `incidentId`.
    pub fn failure(status: u16, code: &str) -> Self {
        let incident = crate::rng::uuid(u64::from(status), code.len() as u64);
        Self::json(status, format!(r#"{{"resultCode":"{code}","incidentId":"WEB_MGMT_SERVICE-{incident}"}}"#))
    }

    /// NinjaOne: the answer to an expired or invalid token.
    pub fn not_authenticated() -> Self {
        Self::error(401, "not_authenticated", "Invalid credentials", 10)
    }

    /// A scope or a permission is missing. NinjaOne: the error word is known, the other keys are not.
    pub fn forbidden() -> Self {
        Self::json(403, r#"{"error":"insufficient_privileges"}"#)
    }

    /// There is no such thing, or not on this instance.
    pub fn not_found() -> Self {
        Self::failure(404, "NOT_FOUND")
    }

    /// The method is not for this path.
    pub fn wrong_method() -> Self {
        Self::failure(405, "METHOD_NOT_ALLOWED")
    }

    /// Slow down.
    pub fn too_many(retry_after: Option<RetryAfter>) -> Self {
        let header = retry_after.map(|after| match after {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Date(seconds) => clock::http_date(clock::wall() + seconds as i64),
        });
        Self { retry_after: header, ..Self::failure(429, "TOO_MANY_REQUESTS") }
    }

    /// Any status with the body that goes with it.
    fn status(status: u16) -> Self {
        match status {
            401 => Self::not_authenticated(),
            403 => Self::forbidden(),
            502 => Self::html(502, "502 Bad Gateway"),
            503 => Self::html(503, "503 Service Temporarily Unavailable"),
            504 => Self::html(504, "504 Gateway Time-out"),
            other => Self::failure(other, "FAILURE"),
        }
    }

    /// The answer that a fault gives in place of the real one; nothing for faults that change the real one.
    pub fn instead(fault: &FaultKind) -> Option<Self> {
        Some(match fault {
            FaultKind::TooManyRequests { retry_after } => Self::too_many(*retry_after),
            FaultKind::HtmlThrottle => Self::html(200, "Too many requests"),
            FaultKind::Status(status) => Self::status(*status),
            FaultKind::Unauthorized => Self::not_authenticated(),
            FaultKind::Forbidden => Self::forbidden(),
            FaultKind::NotFound => Self::not_found(),
            FaultKind::Malformed => Self::json(200, r#"[{"id":1,"systemName":"PC-1","#),
            FaultKind::Empty => Self::json(200, ""),
            FaultKind::Null => Self::json(200, "null"),
            FaultKind::Reset => Self { delivery: Delivery::Drop, ..Self::json(200, "") },
            FaultKind::Huge => Self { delivery: Delivery::Huge, ..Self::json(200, "") },
            _ => return None,
        })
    }

    /// Changes the delivery of the real answer as a fault asks.
    pub fn spoilt(mut self, fault: Option<&FaultKind>) -> Self {
        match fault {
            Some(FaultKind::Slow(delay)) => self.delay += *delay,
            Some(FaultKind::SlowBody(delay)) => self.delivery = Delivery::Late(*delay),
            Some(FaultKind::Truncated) => self.delivery = Delivery::Cut,
            _ => {}
        }
        self
    }
}

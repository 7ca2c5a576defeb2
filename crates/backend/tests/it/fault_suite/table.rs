//! Which faults there are, and where they can strike.

use simulator::{BadRow, FaultKind, RetryAfter};
use std::time::Duration;

/// Longer than a request may take.
const TOO_LONG: Duration = Duration::from_millis(2_600);

/// An endpoint that a sync reads.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    pub path: &'static str,
    /// Pages of some cases' fleet, to choose one that fails.
    pub pages: u64,
}

const fn endpoint(path: &'static str, pages: u64) -> Endpoint {
    Endpoint { path, pages }
}

pub const ENDPOINTS: [Endpoint; 9] = [
    endpoint("/ws/oauth/token", 1),
    endpoint("/v2/organizations", 2),
    endpoint("/v2/locations", 2),
    endpoint("/v2/devices", 6),
    endpoint("/v2/devices-detailed", 6),
    endpoint("/v2/roles", 1),
    endpoint("/v2/users", 1),
    endpoint("/v2/queries/backup/usage", 5),
    endpoint("/v2/queries/logged-on-users", 5),
];

/// What organizations are joined with.
pub const CUSTOM_FIELDS: Endpoint = endpoint("/v2/queries/scoped-custom-fields", 2);

/// Every kind of fault, in every form that matters.
pub fn kinds() -> Vec<FaultKind> {
    use FaultKind::*;
    let throttled = |retry_after| TooManyRequests { retry_after };
    let mut all = vec![
        throttled(None),
        throttled(Some(RetryAfter::Seconds(1))),
        throttled(Some(RetryAfter::Date(1))),
        HtmlThrottle,
        Status(500),
        Status(502),
        Status(503),
        Status(504),
        Status(408),
        Status(400),
        Status(204),
        Slow(TOO_LONG),
        SlowBody(TOO_LONG),
        Truncated,
        Reset,
        Malformed,
        Empty,
        Null,
        Unauthorized,
        Forbidden,
        NotFound,
        EmptyList,
        RepeatPage,
        HalfPage,
        Unsorted,
    ];
    all.extend(BadRow::ALL.map(BadRows));
    all
}

/// Trouble that passes: the client asks again, and nobody notices.
pub fn passes(endpoint: Endpoint, kind: &FaultKind) -> bool {
    use FaultKind::*;
    match kind {
        // A token endpoint that answers something else may be another product's.
        Null => endpoint.path != "/ws/oauth/token",
        TooManyRequests { retry_after: None } | HtmlThrottle | Truncated | Reset | Malformed | Empty => true,
        Status(status) => matches!(status, 500..=504),
        _ => false,
    }
}

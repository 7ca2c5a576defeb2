//! Faults on request: what goes wrong, where, and for how long.

use crate::bad_row::BadRow;
use crate::behaviour::seconds;
use crate::path_match::PathMatch;
use crate::told::Told;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One fault. Several can be waiting: the first one that applies to a request fires, the others keep waiting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Which requests it applies to.
    pub path: PathMatch,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How many matching requests are let through first.
    #[serde(default)]
    pub after: u32,
    /// How many then fail; `u32::MAX` means all of them.
    #[serde(default = "one")]
    pub times: u32,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429.
    TooManyRequests {
        /// The `Retry-After` header, if any.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
    },
    /// Status 200 with an HTML page. NinjaOne: seen as a way to say "slow down".
    HtmlThrottle,
    /// A status with the body that goes with it: HTML for 502, 503 and 504, else the API's error object.
    Status(u16),
    /// The answer starts this much later.
    Slow(#[serde(with = "seconds")] Duration),
    /// The first half of the answer is sent at once, the rest this much later.
    SlowBody(#[serde(with = "seconds")] Duration),
    /// The body ends early although `Content-Length` promises more.
    Truncated,
    /// The connection is closed without an answer.
    Reset,
    /// Status 200 with JSON that does not parse.
    Malformed,
    /// Status 200 with an empty body.
    Empty,
    /// Status 200 with the body `null`.
    Null,
    /// 401 `not_authenticated`.
    Unauthorized,
    /// 403 `insufficient_privileges`.
    Forbidden,
    /// 404.
    NotFound,
    /// A proper answer without any rows.
    EmptyList,
    /// The previous page of the same path once more; cursors do not move. Waits until there is a previous page, so
    /// without `after` it is the second page that repeats the first.
    RepeatPage,
    /// Every second row of the page is missing, the last one is there.
    HalfPage,
    /// The rows of the page from the last to the first.
    Unsorted,
    /// Every fifth row of the page, from the second on, cannot be read; the others are as they should be.
    BadRows(BadRow),
    /// Rows, and single objects, with other texts.
    Told(Told),
    /// 64 MB of well-formed rows.
    Huge,
}

/// The value of a `Retry-After` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u64),
    /// As an HTTP date this many seconds from now.
    Date(u64),
}

fn one() -> u32 {
    1
}

impl Fault {
    /// Fails the next matching request.
    pub fn once(path: impl Into<PathMatch>, kind: FaultKind) -> Self {
        Self { path: path.into(), kind, after: 0, times: 1 }
    }

    /// Fails every matching request.
    pub fn always(path: impl Into<PathMatch>, kind: FaultKind) -> Self {
        Self::once(path, kind).times(u32::MAX)
    }

    /// Lets `n` matching requests through first.
    pub fn after(self, n: u32) -> Self {
        Self { after: n, ..self }
    }

    /// Fails `n` requests.
    pub fn times(self, n: u32) -> Self {
        Self { times: n, ..self }
    }
}

/// The faults that wait.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault behind the others.
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault for a request to `path`, counting it. `repeatable`: there is a page to repeat.
    pub fn next(&mut self, path: &str, repeatable: bool) -> Option<FaultKind> {
        for fault in self.0.iter_mut().filter(|f| f.times > 0 && f.path.matches(path)) {
            if fault.after > 0 {
                fault.after -= 1;
                continue;
            }
            if fault.kind == FaultKind::RepeatPage && !repeatable {
                continue;
            }
            if fault.times != u32::MAX {
                fault.times -= 1;
            }
            return Some(fault.kind.clone());
        }
        None
    }

    /// Whether a page of `path` must be remembered, because a fault may ask for it again.
    pub fn wants_previous(&self, path: &str) -> bool {
        self.0.iter().any(|f| f.times > 0 && f.kind == FaultKind::RepeatPage && f.path.matches(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_let_through_then_fail_then_are_over() {
        let mut faults = Faults::default();
        faults.add(Fault::once("*", FaultKind::Reset).after(1).times(2));
        let seen: Vec<_> = (0..4).map(|_| faults.next("/v2/users", false).is_some()).collect();
        assert_eq!(seen, [false, true, true, false]);
    }
}

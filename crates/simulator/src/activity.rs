//! The activity log: what scripts did, newest first.

use crate::clock;
use crate::json::Obj;
use crate::rows::{Page, Rows};

/// All activities, oldest first.
#[derive(Debug)]
pub(crate) struct Log {
    entries: Vec<Activity>,
    next: i64,
}

/// One activity.
#[derive(Debug, Clone)]
struct Activity {
    id: i64,
    time: i64,
    code: &'static str,
    device: Option<i64>,
    message: String,
}

/// What a request for activities asks for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// Only ids below this.
    pub older_than: Option<i64>,
    /// Only ids above this.
    pub newer_than: Option<i64>,
    /// Only this class: `DEVICE`, `SYSTEM`, `USER`; everything for `ALL`.
    pub class: Option<String>,
    /// Only this `activityType`.
    pub kind: Option<String>,
    /// Only this `statusCode`.
    pub status: Option<String>,
    /// Only of this device.
    pub device: Option<i64>,
    /// Only before and after these times (microseconds).
    pub before: Option<i64>,
    pub after: Option<i64>,
    /// At most this many.
    pub size: usize,
}

impl Default for Log {
    fn default() -> Self {
        Self { entries: Vec::new(), next: 347_370_001 }
    }
}

impl Log {
    /// Adds an activity. Ids ascend with gaps.
    pub fn push(&mut self, time: i64, code: &'static str, device: Option<i64>, message: String) {
        self.entries.push(Activity { id: self.next, time, code, device, message });
        self.next += 1 + self.next % 7;
    }

    /// NinjaOne: "Last recorded activity ID for account": the newest one of all, whatever was asked for.
    pub fn last_id(&self) -> i64 {
        self.entries.last().map_or(0, |a| a.id)
    }

    /// The wanted activities, newest first.
    pub fn page(&self, wanted: &Wanted) -> Page {
        let mut rows = Rows::default();
        for activity in self.entries.iter().rev().filter(|a| wanted.includes(a)).take(wanted.size) {
            rows.push(|out| activity.write(out));
        }
        rows.end()
    }
}

impl Wanted {
    /// From the query of a request. NinjaOne: `pageSize` is 10..1000, by default 200.
    /// Smaller pages are served here, so that tests can page through a short log.
    pub fn from_query(query: &crate::query::Query) -> Self {
        let date = |key| query.get(key).and_then(clock::parse_date).map(|s| s * clock::SECOND);
        let word = |key| query.get(key).map(str::to_owned);
        Self {
            older_than: query.number("olderThan"),
            newer_than: query.number("newerThan"),
            class: word("class").filter(|c| c != "ALL"),
            kind: word("type").or_else(|| word("activityType")),
            status: word("status"),
            device: None,
            before: date("before"),
            after: date("after"),
            size: query.number("pageSize").unwrap_or(200).clamp(1, 1000) as usize,
        }
    }

    fn includes(&self, a: &Activity) -> bool {
        let is =
            |want: &Option<String>, have: &str| want.as_ref().is_none_or(|w| w.eq_ignore_ascii_case(have));
        self.older_than.is_none_or(|id| a.id < id)
            && self.newer_than.is_none_or(|id| a.id > id)
            && self.before.is_none_or(|t| a.time < t)
            && self.after.is_none_or(|t| a.time > t)
            && self.device.is_none_or(|id| a.device == Some(id))
            && is(&self.class, if a.device.is_some() { "DEVICE" } else { "SYSTEM" })
            && is(&self.kind, "SYSTEM")
            && is(&self.status, a.code)
    }
}

impl Activity {
    fn write(&self, out: &mut String) {
        let mut obj = Obj::new(out);
        obj.int("id", self.id).time("activityTime", self.time).int_opt("deviceId", self.device);
        obj.text("activityType", "SYSTEM").text("statusCode", self.code).text("status", &status(self.code));
        obj.int("userId", 31).text("message", &self.message).text("type", "System").end();
    }
}

/// The text beside a status code, such as "Node Created". NinjaOne: the real texts are not known.
fn status(code: &str) -> String {
    let words = code.split('_').map(|w| format!("{}{}", &w[..1], w[1..].to_lowercase()));
    words.collect::<Vec<_>>().join(" ")
}

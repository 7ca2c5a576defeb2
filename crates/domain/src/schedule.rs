//! The daily schedule, in UTC.

use crate::{Time, run::RunKind};
use chrono::{Days, NaiveTime, TimeZone, Utc};

/// When a kind of sync runs every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Daily {
    pub kind: RunKind,
    pub hour: u32,
    pub minute: u32,
}

/// Organization sync at 02:00, device sync at 03:15; auto-import follows the device sync.
pub const DAILY: [Daily; 2] = [
    Daily { kind: RunKind::Organizations, hour: 2, minute: 0 },
    Daily { kind: RunKind::Devices, hour: 3, minute: 15 },
];

impl Daily {
    /// Six-field cron expression (seconds first), UTC.
    pub fn cron(self) -> String {
        format!("0 {} {} * * *", self.minute, self.hour)
    }

    /// The first moment after `now` at which this is due.
    pub fn next_after(self, now: Time) -> Time {
        let at = NaiveTime::from_hms_opt(self.hour, self.minute, 0).unwrap_or_default();
        let today = Utc.from_utc_datetime(&now.date_naive().and_time(at));
        if today > now { today } else { today.checked_add_days(Days::new(1)).unwrap_or(today) }
    }
}

/// When `kind` runs next by the clock, if it has a schedule.
pub fn next_run(kind: RunKind, now: Time) -> Option<Time> {
    DAILY.iter().find(|d| d.kind == kind).map(|d| d.next_after(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_tick_is_today_or_tomorrow_never_now() {
        let at = |s: &str| s.parse::<Time>().unwrap();
        let next = |s| next_run(RunKind::Organizations, at(s)).unwrap();
        assert_eq!(next("2026-05-01T01:59:59Z"), at("2026-05-01T02:00:00Z"));
        assert_eq!(next("2026-05-01T02:00:00Z"), at("2026-05-02T02:00:00Z"));
        assert_eq!(next_run(RunKind::Import, at("2026-05-01T02:00:00Z")), None);
    }
}

//! Times: the only place that looks at a real clock, and the few calendar sums the API needs.
//!
//! The fleet itself lives in a time of its own (`FleetSpec::now`); real time matters only for the life of
//! tokens and cursors, for rate limits, and for `Retry-After` dates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Microseconds in a second: times of the fleet are kept as microseconds since 1970.
pub(crate) const SECOND: i64 = 1_000_000;
/// Seconds in a day.
pub(crate) const DAY: i64 = 86_400;

/// A moment for measuring lifetimes. Follows Tokio's clock, so a paused test clock works.
pub(crate) fn instant() -> Instant {
    Instant::now()
}

/// Wall time in epoch seconds.
#[expect(clippy::disallowed_methods, reason = "the one place of this crate that reads the clock")]
pub(crate) fn wall() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    since.as_secs() as i64
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// The date (year, month, day) of a day number.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// Epoch seconds as an HTTP date, for `Retry-After`.
pub(crate) fn http_date(epoch: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let days = epoch.div_euclid(DAY);
    let (year, month, day) = civil_from_days(days);
    let rest = epoch.rem_euclid(DAY);
    format!(
        "{}, {day:02} {} {year} {:02}:{:02}:{:02} GMT",
        DAYS[days.rem_euclid(7) as usize],
        MONTHS[(month - 1) as usize],
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Reads a date of a filter into epoch seconds.
/// NinjaOne: `yyyyMMdd`, `yyyy-MM-dd` or ISO 8601 with `Z`; epoch seconds are seen to work too.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let seconds = if time.is_empty() { 0 } else { parse_time(time)? };
    if date.len() > 8 && time.is_empty() && date.bytes().all(|b| b.is_ascii_digit()) {
        return date.parse().ok();
    }
    let digits: String = date.chars().filter(|c| *c != '-').collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits[range].parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_from_civil(year, month, day) * DAY + seconds)
}

/// Seconds of `hh:mm[:ss[.fff]]Z`.
fn parse_time(text: &str) -> Option<i64> {
    let whole = text.trim_end_matches('Z').split('.').next()?;
    let mut parts = whole.split(':').map(|p| p.parse::<i64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    Some(hours * 3600 + minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_documented_form() {
        for text in ["20260102", "2026-01-02", "2026-01-02T00:00:00.000Z", "1767312000"] {
            assert_eq!(parse_date(text), Some(1_767_312_000), "{text}");
        }
        assert_eq!(parse_date("2026-01-02T01:02:03Z"), Some(1_767_312_000 + 3723));
        assert_eq!(parse_date("yesterday"), None);
        assert_eq!(parse_date("20261402"), None);
    }

    #[test]
    fn http_dates_name_the_right_day() {
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}

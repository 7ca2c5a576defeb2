//! Moments. The first render is absolute and in UTC; words like "5 minutes ago" come after hydration.

use chrono::{Datelike, Timelike};
use domain::Time;
use leptos::prelude::*;
use std::time::Duration;

/// The browser's clock in milliseconds since 1970; `None` on the server and in the first render.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Option<f64>>);

/// Provides the clock that [`When`] and [`Ago`] read; it ticks every 15 s in the browser.
pub fn provide_clock() {
    let now = RwSignal::new(None);
    provide_context(Clock(now));
    Effect::new(move |_| {
        now.set(Some(js_sys::Date::now()));
        _ = set_interval_with_handle(move || now.set(Some(js_sys::Date::now())), Duration::from_secs(15));
    });
}

/// Milliseconds since 1970 after hydration, `None` before.
pub fn now() -> Option<f64> {
    use_context::<Clock>().and_then(|clock| clock.0.get())
}

/// `2026-05-01 03:15 UTC`.
pub fn absolute(time: Time) -> String {
    // By hand: a format string would bring chrono's whole formatter into the browser.
    let (y, m, d, hour, minute) = (time.year(), time.month(), time.day(), time.hour(), time.minute());
    format!("{y:04}-{m:02}-{d:02} {hour:02}:{minute:02} UTC")
}

/// `2026-05-01`.
pub fn date(time: Time) -> String {
    format!("{:04}-{:02}-{:02}", time.year(), time.month(), time.day())
}

/// `5 minutes ago`, `in 3 hours`.
pub fn relative(time: Time, now_ms: f64) -> String {
    let seconds = (now_ms as i64 - time.timestamp_millis()) / 1000;
    match seconds {
        // Two clocks are never quite the same.
        -44..45 => "just now".to_owned(),
        ..-44 => format!("in {}", span(-seconds)),
        _ => format!("{} ago", span(seconds)),
    }
}

/// `45 seconds`, `5 minutes`, `3 hours`, `12 days`, `4 months`, `2 years`.
pub fn span(seconds: i64) -> String {
    let (n, unit) = match seconds {
        ..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..5_184_000 => (seconds / 86_400, "day"),
        5_184_000..63_072_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}

/// Shows `time` as `2026-05-01 03:15 UTC`, with "5 minutes ago" as its title.
#[component]
pub fn When(time: Time) -> impl IntoView {
    let title = move || now().map(|now| relative(time, now));
    view! { <time datetime=time.to_rfc3339() title=title class="whitespace-nowrap tabular-nums">{absolute(time)}</time> }
}

/// Shows a plain day as `2026-05-01`: nobody means its midnight.
#[component]
pub fn Day(time: Time) -> impl IntoView {
    view! { <time datetime=date(time) class="whitespace-nowrap tabular-nums">{date(time)}</time> }
}

/// Shows `time` as "5 minutes ago", with the absolute time as its title; absolute before hydration.
#[component]
pub fn Ago(time: Time) -> impl IntoView {
    let text = move || now().map_or_else(|| absolute(time), |now| relative(time, now));
    view! { <time datetime=time.to_rfc3339() title=absolute(time) class="whitespace-nowrap">{text}</time> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_out() {
        let time: Time = "2026-05-01T03:05:09.5Z".parse().unwrap_or_default();
        assert_eq!(absolute(time), "2026-05-01 03:05 UTC");
        assert_eq!(date(time), "2026-05-01");
    }

    #[test]
    fn distances_are_in_one_unit() {
        let time = Time::from_timestamp(1_000_000, 0).unwrap_or_default();
        let at = |seconds: f64| relative(time, (1_000_000.0 + seconds) * 1000.0);
        assert_eq!(at(10.0), "just now");
        assert_eq!(at(-10.0), "just now", "by a clock that is a little late");
        assert_eq!(at(60.0), "1 minute ago");
        assert_eq!(at(7_300.0), "2 hours ago");
        assert_eq!(at(-7_300.0), "in 2 hours");
    }
}

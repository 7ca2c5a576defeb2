//! How long a run has taken.

use domain::run::Run;
use leptos::{leptos_dom::helpers::set_interval_with_handle, prelude::*};
use std::time::Duration;

/// The time a run took, or has taken until now. The clock is read in the browser only, after the first render.
#[component]
pub fn Elapsed(#[prop(into)] run: Signal<Run>) -> impl IntoView {
    let now = RwSignal::new(None::<i64>);
    let active = Memo::new(move |_| run.with(|r| r.state.is_active()));
    Effect::new(move || {
        if !active.get() {
            return;
        }
        now.set(Some(browser_now()));
        let tick = move || {
            now.try_set(Some(browser_now()));
        };
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
    move || run.with(|r| elapsed(r, now.get()))
}

/// Seconds since 1970 by the browser's clock.
fn browser_now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

/// "12 s", from the start to the end or to `now`; empty while neither is known.
pub fn elapsed(run: &Run, now: Option<i64>) -> String {
    let Some(start) = run.started_at else { return String::new() };
    match run.finished_at.map(|t| t.timestamp()).or(now) {
        Some(end) => duration((end - start.timestamp()).max(0)),
        None => String::new(),
    }
}

/// "45 s", "3 min 05 s", "2 h 07 min".
pub fn duration(seconds: i64) -> String {
    match seconds {
        s if s < 60 => format!("{s} s"),
        s if s < 3600 => format!("{} min {:02} s", s / 60, s % 60),
        s => format!("{} h {:02} min", s / 3600, s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_use_the_two_largest_units() {
        assert_eq!(duration(0), "0 s");
        assert_eq!(duration(185), "3 min 05 s");
        assert_eq!(duration(7_620), "2 h 07 min");
    }
}

use super::percent;
use crate::ui::{
    chart::{Line, Trend, round_up},
    number::count,
};
use domain::compliance::{TrendPoint, date};
use leptos::prelude::*;

/// The score and the number of devices over the days that have figures.
#[component]
pub fn Trends(points: Vec<TrendPoint>) -> impl IntoView {
    let days = days_of(&points);
    let line =
        |name, value: fn(&TrendPoint) -> i64| Line { name, values: points.iter().map(value).collect() };
    // A day on which nothing was judged has no score: it is no day with 0 %.
    let judged: Vec<_> = points.iter().filter(|point| point.score.tenths().is_some()).cloned().collect();
    let scored = days_of(&judged);
    let score =
        Line { name: "Score", values: judged.iter().filter_map(|point| point.score.tenths()).collect() };
    let fleet = vec![line("Devices", |point| point.devices), line("Online", |point| point.online)];
    let most = points.iter().map(|point| point.devices).max().unwrap_or_default();
    let begins = (points.len() == 1).then(
        || view! { <p class="text-sm text-muted">"The trend begins today. Each day adds a point."</p> },
    );
    view! {
        <section class="card break-inside-avoid bg-base-100" aria-label="Trend">
            <div class="card-body gap-3 p-4">
                <h2 class="text-lg font-semibold">"Trend"</h2>
                {begins}
                <div class="grid gap-6 md:grid-cols-2">
                    <Trend title="Compliance score" days=scored lines=vec![score] scale=(0, 1000) words=percent />
                    <Trend title="Devices" days lines=fleet scale=(0, round_up(most)) words=count />
                </div>
            </div>
        </section>
    }
}

/// How many days after the first each of them is, and its date.
fn days_of(points: &[TrendPoint]) -> Vec<(i64, String)> {
    let first = points.first().map(|point| point.day);
    let day = |point: &TrendPoint| {
        let since = first.map_or(0, |first| (point.day - first).num_days());
        (since, date(point.day.date_naive()))
    };
    points.iter().map(day).collect()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::compliance::Score;

    #[test]
    fn a_day_on_which_nothing_was_judged_is_no_day_with_0_percent() {
        let point = |day: u32, score: Score| TrendPoint {
            day: chrono::NaiveDate::from_ymd_opt(2026, 11, day)
                .and_then(|day| day.and_hms_opt(0, 0, 0))
                .expect("a day")
                .and_utc(),
            devices: 5,
            online: 4,
            score,
            failing: Vec::new(),
        };
        let points = vec![point(1, Score::default()), point(3, Score { passed: 3, judged: 4 })];
        let page = Owner::new().with(|| view! { <Trends points /> }.to_html());
        assert!(
            page.contains("Compliance score, 3 Nov 2026 to 3 Nov 2026: Score from 75 % to 75 %"),
            "{page}"
        );
        assert!(page.contains("Devices, 1 Nov 2026 to 3 Nov 2026"), "{page}");
        let none =
            Owner::new().with(|| view! { <Trends points=vec![point(1, Score::default())] /> }.to_html());
        assert!(
            none.contains("Compliance score: no day yet")
                && none.contains("not known")
                && !none.contains("from 0 %"),
            "{none}"
        );
    }
}

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
    let first = points.first().map(|point| point.day);
    let days = |point: &TrendPoint| {
        let since = first.map_or(0, |first| (point.day - first).num_days());
        (since, date(point.day.date_naive()))
    };
    let days: Vec<_> = points.iter().map(days).collect();
    let line =
        |name, value: fn(&TrendPoint) -> i64| Line { name, values: points.iter().map(value).collect() };
    let score = line("Score", |point| point.score.tenths().unwrap_or_default());
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
                    <Trend title="Compliance score" days=days.clone() lines=vec![score] scale=(0, 1000) words=percent />
                    <Trend title="Devices" days lines=fleet scale=(0, round_up(most)) words=count />
                </div>
            </div>
        </section>
    }
}

use super::paths::devices_path;
use crate::ui::{
    badge::{Badge, Tone},
    number::{count, things},
};
use domain::{compliance::Score, ids::CompanyId};
use leptos::prelude::*;

/// Tenths of a percent as people read them.
pub fn percent(tenths: i64) -> String {
    Score { passed: tenths, judged: 1000 }.words()
}

/// How a score moved, in points; `None` when it cannot be compared or is the same.
pub fn change_words(before: Option<Score>, now: Score) -> Option<(Tone, String)> {
    let moved = now.tenths()? - before?.tenths()?;
    let points = format!("{}.{}", moved.abs() / 10, moved.abs() % 10);
    match moved {
        0 => None,
        1.. => Some((Tone::Success, format!("Up {points} points in a week"))),
        _ => Some((Tone::Error, format!("Down {points} points in a week"))),
    }
}

/// The score with its bar, what moved it, and what it means.
#[component]
pub fn ScoreCard(
    score: Score,
    before: Option<Score>,
    devices: i64,
    online: i64,
    company: Option<CompanyId>,
) -> impl IntoView {
    let company = company.map(|id| id.to_string()).unwrap_or_default();
    let of = |filters: &[(&str, &str)]| devices_path(&[filters, &[("company", &company)]].concat());
    let change = change_words(before, score).map(|(tone, label)| view! { <Badge tone label /> });
    let length = score.tenths().unwrap_or_default().to_string();
    view! {
        <section class="card bg-base-100" aria-label="Score">
            <div class="card-body gap-2 p-4">
                <h2 class="text-lg font-semibold">"Compliance score"</h2>
                <p class="flex flex-wrap items-baseline gap-x-3">
                    <span class="text-4xl font-bold tabular-nums" data-testid="score">{score.words()}</span>
                    {change}
                </p>
                <svg viewBox="0 0 1000 8" preserveAspectRatio="none" class="h-2 w-full" aria-hidden="true">
                    <rect width="1000" height="8" class="fill-base-300" />
                    <rect width=length height="8" class="fill-chart-2" />
                </svg>
                <p class="text-sm">
                    <a class="link link-hover" href=of(&[])>{things(devices, "device", "devices")}</a>
                    ", "
                    <a class="link link-hover" href=of(&[("online", "true")])>{format!("{} of them online", count(online))}</a>
                    "."
                </p>
                <p class="text-sm text-muted">
                    {format!("Of {} results that count, {} passed", count(score.judged), count(score.passed))}
                    ". "
                    {(score.judged > score.passed).then(|| view! {
                        <a class="link" href=of(&[("outcome", "failing")])>"Show the devices that fail any check"</a>
                        ", also those that do not count. "
                    })}
                    "Each device is looked at with each check that counts. An exception counts as passed and is shown. \
                    What is not known counts neither way."
                </p>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_in_points() {
        let score = |passed| Score { passed, judged: 1000 };
        let told = |before, now| change_words(before, now).map(|(_, text)| text);
        assert_eq!(told(Some(score(930)), score(945)).as_deref(), Some("Up 1.5 points in a week"));
        assert_eq!(told(Some(score(930)), score(929)).as_deref(), Some("Down 0.1 points in a week"));
        assert_eq!((told(Some(score(930)), score(930)), told(None, score(1))), (None, None));
        assert_eq!(told(Some(Score::default()), score(1)), None);
    }
}

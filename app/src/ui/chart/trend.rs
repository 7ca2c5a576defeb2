use super::points::{HEIGHT, WIDTH, points};
use leptos::prelude::*;

/// One line of a trend: its name and a value for each day.
#[derive(Clone)]
pub struct Line {
    pub name: &'static str,
    pub values: Vec<i64>,
}

/// Colours of the first and the second line.
const STROKES: [&str; 2] = ["stroke-chart-1", "stroke-chart-2"];
const MARKS: [&str; 2] = ["bg-chart-1", "bg-chart-2"];

/// Lines over days, with the same numbers as a table below.
///
/// In: what it shows, each day in words with its distance from the first one in days, the lines, the ends of the scale, and
/// how a value is written.
#[component]
pub fn Trend(
    title: &'static str,
    days: Vec<(i64, String)>,
    lines: Vec<Line>,
    scale: (i64, i64),
    words: fn(i64) -> String,
) -> impl IntoView {
    let last = days.last().map(|(at, _)| *at).unwrap_or_default();
    let drawn = lines.iter().enumerate().map(|(n, line)| {
        let at: Vec<(i64, i64)> =
            days.iter().zip(&line.values).map(|((at, _), value)| (*at, *value)).collect();
        // A line of one point has no length: its round ends make a dot of it.
        let corners = points(&at, last, scale);
        let corners = if at.len() == 1 { format!("{corners} {corners}") } else { corners };
        let class = format!("fill-none {}", STROKES[n % STROKES.len()]);
        view! {
            <polyline points=corners class=class stroke-width=if at.len() == 1 { "8" } else { "2" } stroke-linecap="round"
                stroke-linejoin="round" vector-effect="non-scaling-stroke" />
        }
    });
    let drawn = drawn.collect_view();
    let (first, end) = (days.first().map(|d| d.1.clone()), days.last().map(|d| d.1.clone()));
    let label = told(title, &days, &lines, words);
    view! {
        <div role="group" aria-label=title>
            <div class="mb-1 flex flex-wrap items-center justify-between gap-x-4 text-sm">
                <span class="font-semibold">{title}</span>
                <Legend lines=lines.clone() words />
            </div>
            <div class="grid grid-cols-[auto_1fr] gap-x-2 text-xs text-muted tabular-nums">
                <div class="flex flex-col justify-between text-right" aria-hidden="true">
                    <span>{words(scale.1)}</span>
                    <span>{words(scale.0)}</span>
                </div>
                <svg role="img" aria-label=label viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none"
                    class="h-32 w-full overflow-visible border-b border-l border-base-300">
                    <path d=format!("M0 0H{WIDTH}M0 {}H{WIDTH}", HEIGHT / 2) class="stroke-base-300" stroke-width="1"
                        vector-effect="non-scaling-stroke" />
                    {drawn}
                </svg>
                <span></span>
                <div class="flex justify-between pt-1" aria-hidden="true">
                    <span>{first}</span>
                    <span>{(days.len() > 1).then_some(end)}</span>
                </div>
            </div>
            <Numbers title days lines words />
        </div>
    }
}

/// What somebody who does not see the chart is told at once: where each line begins and ends.
fn told(title: &str, days: &[(i64, String)], lines: &[Line], words: fn(i64) -> String) -> String {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return format!("{title}: no day yet");
    };
    let line = |line: &Line| {
        let at = |value: Option<&i64>| value.copied().map(words).unwrap_or_default();
        format!("{} from {} to {}", line.name, at(line.values.first()), at(line.values.last()))
    };
    let lines = lines.iter().map(line).collect::<Vec<_>>().join("; ");
    format!("{title}, {} to {}: {lines}", first.1, last.1)
}

/// The names of the lines with their latest values.
#[component]
fn Legend(lines: Vec<Line>, words: fn(i64) -> String) -> impl IntoView {
    let entry = |(n, line): (usize, Line)| {
        let mark = format!("inline-block size-2.5 rounded-full {}", MARKS[n % MARKS.len()]);
        let latest = line.values.last().copied().map_or_else(|| "not known".to_owned(), words);
        view! {
            <span class="inline-flex items-center gap-1.5">
                <span class=mark aria-hidden="true"></span>
                {line.name}
                <span class="font-semibold tabular-nums">{latest}</span>
            </span>
        }
    };
    view! { <span class="flex flex-wrap gap-x-4">{lines.into_iter().enumerate().map(entry).collect_view()}</span> }
}

/// The same as a table, newest day first.
#[component]
fn Numbers(
    title: &'static str,
    days: Vec<(i64, String)>,
    lines: Vec<Line>,
    words: fn(i64) -> String,
) -> impl IntoView {
    let head = lines.iter().map(|line| view! { <th scope="col" class="num">{line.name}</th> }).collect_view();
    let row = |(n, (_, day)): (usize, &(i64, String))| {
        let cell = |line: &Line| view! { <td class="num">{line.values.get(n).copied().map(words)}</td> };
        view! {
            <tr>
                <th scope="row" class="font-normal">{day.clone()}</th>
                {lines.iter().map(cell).collect_view()}
            </tr>
        }
    };
    let rows = days.iter().enumerate().rev().map(row).collect_view();
    view! {
        <details class="no-print mt-1 text-sm">
            <summary class="cursor-pointer text-muted">"Show as a table"</summary>
            <div class="mt-1 max-h-64 overflow-y-auto" tabindex="0" role="region" aria-label=format!("{title}, day by day")>
                <table class="table table-xs">
                    <thead>
                        <tr>
                            <th scope="col">"Day"</th>
                            {head}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

use crate::{
    pages::reports::paths::check_path,
    ui::{
        badge::{Badge, Tone},
        number::count,
    },
};
use domain::{
    compliance::{CheckCount, Outcome},
    ids::CompanyId,
};
use leptos::prelude::*;

/// What came of each check, as a table whose numbers lead to their devices.
#[component]
pub fn Checks(checks: Vec<CheckCount>, company: Option<CompanyId>) -> impl IntoView {
    let rows = checks.into_iter().map(|check| view! { <Row check company /> }).collect_view();
    view! {
        <section class="card break-inside-avoid bg-base-100" aria-label="Checks">
            <div class="card-body gap-2 p-4">
                <h2 class="text-lg font-semibold">"Checks"</h2>
                <table class="table table-sm">
                    <caption class="sr-only">"Devices by check and outcome"</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="max-sm:px-0">"Check"</th>
                            <th scope="col" class="num">"Failing"</th>
                            <th scope="col" class="num max-sm:hidden">"Share"</th>
                            <th scope="col" class="num max-sm:hidden">"Excepted"</th>
                            <th scope="col" class="num max-sm:hidden">"Not known"</th>
                            <th scope="col" class="num max-sm:hidden">"Passed"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Row(check: CheckCount, company: Option<CompanyId>) -> impl IntoView {
    let link = move |outcome: Outcome, n: i64| match n {
        0 => view! { <span class="text-muted">"0"</span> }.into_any(),
        n => {
            let label =
                format!("{}: {}, {} devices", check.check.label(check.days), outcome.label(), count(n));
            let href = check_path(check.check, outcome, company);
            view! { <a class="link" href=href aria-label=label>{count(n)}</a> }.into_any()
        }
    };
    let of = check.failing + check.excepted + check.passed;
    let tenths = if of > 0 { check.failing * 1000 / of } else { 0 };
    view! {
        <tr data-check=check.check.as_str()>
            <th scope="row" class="font-normal max-sm:px-0">
                <span class="font-medium">{check.check.label(check.days)}</span>
                <span class="block text-xs text-muted">{check.check.about()}</span>
                {(!check.scored).then(|| view! { <Badge tone=Tone::Neutral label="Does not count in the score" /> })}
                <svg viewBox="0 0 1000 8" preserveAspectRatio="none" class="mt-1 block h-1.5 w-full max-w-xl" aria-hidden="true">
                    <rect width="1000" height="8" class="fill-base-300" />
                    <rect width=tenths.to_string() height="8" class="fill-error" />
                </svg>
            </th>
            <td class="num font-semibold">{link(Outcome::Failing, check.failing)}</td>
            <td class="num max-sm:hidden">{crate::pages::reports::percent(tenths)}</td>
            <td class="num max-sm:hidden">{link(Outcome::Excepted, check.excepted)}</td>
            <td class="num max-sm:hidden">{link(Outcome::Unknown, check.unknown)}</td>
            <td class="num max-sm:hidden">{link(Outcome::Passed, check.passed)}</td>
        </tr>
    }
}

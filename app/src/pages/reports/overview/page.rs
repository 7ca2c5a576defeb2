use super::{Checks, Fleet, worst::Worst};
use crate::{
    layout::PageHead,
    pages::reports::{
        Trends,
        api::{list_scores, load_summary, load_trend},
        score::ScoreCard,
        stands_on::Stands,
    },
    ui::{icon::Icon, state::EmptyState, table::Loaded},
};
use domain::{
    compliance::{CompanyScore, ReportSummary, TrendPoint},
    page::Listing,
};
use futures::try_join;
use leptos::prelude::*;

type Everything = (ReportSummary, Listing<CompanyScore>, Vec<TrendPoint>);

/// Companies that are named on this page.
const WORST: u32 = 5;

/// Score, checks, parts of the fleet and trend; each number leads to its devices.
#[component]
pub fn ReportsPage() -> impl IntoView {
    let read = Resource::new(
        || (),
        |()| async {
            try_join!(load_summary(None), list_scores(None, Some(WORST), None, None), load_trend(None, None))
        },
    );
    let show = |found: Everything| view! { <Shown found /> }.into_any();
    view! {
        <PageHead title="Reports" text="How the fleet stands by your rules. Each number leads to its devices.">
            <a class="btn btn-sm" href="/settings/compliance">
                <Icon name="settings" />
                "Rules and exceptions"
            </a>
        </PageHead>
        <Loaded read rows=8 columns=3 show />
    }
}

#[component]
fn Shown(found: Everything) -> impl IntoView {
    let (summary, scores, trend) = found;
    if summary.devices == 0 {
        return view! {
            <EmptyState title="No devices to report on" text="Reports are about devices of the inventory. Import some first." icon="devices">
                <a class="btn btn-sm" href="/">"Show what to do"</a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <div class="flex flex-col gap-4">
            <Stands on=summary.stands_on.clone() checked_at=summary.checked_at />
            <div class="grid gap-4 lg:grid-cols-[20rem_1fr]">
                <ScoreCard score=summary.score before=summary.before devices=summary.devices online=summary.online company=None />
                <Trends points=trend />
            </div>
            <Checks checks=summary.checks.clone() company=None />
            <Worst scores />
            <Fleet summary />
        </div>
    }
    .into_any()
}

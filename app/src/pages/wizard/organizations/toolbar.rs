use super::page::Organizations;
use crate::{
    pages::wizard::{
        matcher::{Decisions, KeyHelp, QuickMatch},
        sync_now::SyncNow,
    },
    ui::{
        filter_tabs::{FilterTab, FilterTabs},
        table::SearchBox,
    },
};
use domain::{mapping::StatusCounts, run::RunKind};
use leptos::prelude::*;

/// Status tabs, search, Quick Match, decisions and Sync now.
#[component]
pub fn Toolbar(page: Organizations) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3">
            <div class="flex flex-wrap items-center gap-2">
                <SearchBox list=page.list label="Search organizations" />
                <span class="grow"></span>
                <KeyHelp open=page.help />
                <Decisions matcher=page.matcher />
                <SyncNow current=page.current kind=RunKind::Organizations known=page.known />
                <QuickMatch matcher=page.matcher />
            </div>
            <Transition fallback=move || view! { <FilterTabs list=page.list name="status" label="Filter by status" tabs=status_tabs(None) /> }>
                {move || Suspend::new(async move {
                    let tabs = status_tabs(page.counts.await.ok());
                    view! { <FilterTabs list=page.list name="status" label="Filter by status" tabs /> }
                })}
            </Transition>
        </div>
    }
}

/// The tabs of a mapping list.
pub fn status_tabs(counts: Option<StatusCounts>) -> Vec<FilterTab> {
    vec![
        FilterTab::new(None, "All", counts.map(|c| c.all)),
        FilterTab::new(Some("mapped"), "Mapped", counts.map(|c| c.mapped)),
        FilterTab::new(Some("pending"), "Pending", counts.map(|c| c.pending)),
        FilterTab::new(Some("unmapped"), "Unmapped", counts.map(|c| c.unmapped)),
        FilterTab::new(Some("ignored"), "Ignored", counts.map(|c| c.ignored)),
    ]
}

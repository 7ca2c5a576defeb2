use super::page::Locations;
use crate::{
    pages::wizard::{
        matcher::{Decisions, KeyHelp, QuickMatch},
        organizations::status_tabs,
        sync_now::SyncNow,
    },
    ui::{filter_tabs::FilterTabs, table::SearchBox},
};
use domain::run::RunKind;
use leptos::prelude::*;

/// Status tabs, search, Quick Match, decisions and Sync now.
#[component]
pub fn Toolbar(page: Locations) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3">
            <div class="flex flex-wrap items-center gap-2">
                <SearchBox list=page.list label="Search locations" />
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

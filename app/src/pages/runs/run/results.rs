use crate::{
    pages::wizard::ResultsTable,
    ui::{
        filter_tabs::{FilterTab, FilterTabs},
        list::ListState,
        table::Pager,
    },
};
use domain::{import::ImportResult, page::Listing};
use leptos::prelude::*;

/// What an import did with each device, by outcome.
#[component]
pub fn Results(list: ListState, found: Listing<ImportResult>) -> impl IntoView {
    let tabs = vec![
        FilterTab::new(None, "All", None),
        FilterTab::new(Some("created"), "Created", None),
        FilterTab::new(Some("linked"), "Linked", None),
        FilterTab::new(Some("skipped"), "Skipped", None),
        FilterTab::new(Some("failed"), "Failed", None),
    ];
    let (total, page_size, page) = (found.total, found.page_size, found.page);
    view! {
        <FilterTabs list name="outcome" label="Filter by outcome" tabs />
        <div class="mt-2 rounded-box border border-base-300 bg-base-100"><ResultsTable results=found.items /></div>
        <Pager list total page_size page />
    }
}

//! What narrows the list: a search, and filters in the address.

mod choices;
mod company;
mod owner;

use super::{Sources, address::FILTERS};
use crate::ui::{list::ListState, table::SearchBox};
use choices::{Choice, LocationFilter, SourceFilter, TypeFilter};
use company::CompanyFilter;
use leptos::prelude::*;
use owner::OwnerFilter;

/// Those that are folded away until they are wanted.
const MORE: [&str; 8] =
    ["source", "os_support", "backup", "owner", "last_contact", "warranty", "serial", "archived"];

/// Search and filters: the usual ones, and more behind a button that tells how many of them are set.
#[component]
pub fn DeviceFilters(list: ListState, sources: Sources) -> impl IntoView {
    let narrowed = move || list.is_narrowed(&FILTERS);
    view! {
        <div class="flex flex-wrap items-center gap-2">
            <SearchBox list label="Search devices" />
            <div class="w-full sm:w-52"><CompanyFilter list /></div>
            <LocationFilter list />
            <TypeFilter list />
            <Choice list key="status" all="Any status" label="Filter by status" options=choices::statuses() />
            <Choice list key="os" all="Any system" label="Filter by operating system" options=choices::families() />
        </div>
        <div class="mt-2 flex flex-wrap items-start gap-2">
            <MoreFilters list sources />
            {move || narrowed().then(|| view! { <a class="btn btn-ghost btn-sm" href=move || list.path()>"Clear filters"</a> })}
        </div>
    }
}

#[component]
fn MoreFilters(list: ListState, sources: Sources) -> impl IntoView {
    let values = MORE.map(|key| list.get(key));
    let set = Memo::new(move |_| values.iter().filter(|value| value.read().is_some()).count());
    let open = set.get_untracked() > 0;
    let words = move || match set.get() {
        0 => "More filters".to_owned(),
        n => format!("More filters ({n} set)"),
    };
    view! {
        <details class="min-w-0 grow max-sm:basis-full" open=open>
            <summary class="btn btn-ghost btn-sm">{words}</summary>
            <div class="mt-2 flex flex-wrap items-center gap-2">
                <SourceFilter list sources />
                <Choice list key="os_support" all="Any system support" label="Filter by end of support" options=choices::supports() />
                <Choice list key="backup" all="Any backup" label="Filter by backup" options=choices::backups() />
                <Choice list key="last_contact" all="Any last contact" label="Filter by last contact" options=choices::contacts() />
                <Choice list key="warranty" all="Any warranty" label="Filter by warranty" options=choices::warranties() />
                <Choice list key="serial" all="Any serial" label="Filter by serial number" options=choices::serials() />
                <Choice list key="archived" all="Not archived" label="Filter by archive" options=choices::archives() />
                <OwnerFilter list />
            </div>
        </details>
    }
}

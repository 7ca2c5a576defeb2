use super::{empty::NoLocations, page::Locations, row::LocationTr};
use crate::ui::table::{Loaded, Pager, SortHeader};
use domain::{mapping::RemoteLocationRow, page::Listing};
use leptos::prelude::*;

/// The locations of the present page, or what to do when there are none.
#[component]
pub fn LocationsTable(page: Locations) -> impl IntoView {
    let show = move |found: Listing<RemoteLocationRow>| match found.total {
        0 => view! { <NoLocations page /> }.into_any(),
        _ => view! { <Rows page found /> }.into_any(),
    };
    let retry = Callback::new(move |()| page.reload());
    view! { <Loaded read=page.rows rows=8 columns=4 show retry /> }
}

#[component]
fn Rows(page: Locations, found: Listing<RemoteLocationRow>) -> impl IntoView {
    let list = page.list;
    let rows = found.items.into_iter().map(|row| view! { <LocationTr page row /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm max-md:block max-md:[&_tr]:border-b max-md:[&_tr]:border-base-300 max-md:[&_:is(td,th)]:border-0">
                <caption class="sr-only">"NinjaOne locations and the locations they are mapped to"</caption>
                <thead class="max-md:hidden">
                    <tr>
                        <SortHeader list field="name" label="NinjaOne location" default=true />
                        <SortHeader list field="organization" label="Organization" />
                        <SortHeader list field="location" label="Mapped to" class="w-2/5" />
                        <SortHeader list field="status" label="Status" class="w-36" />
                    </tr>
                </thead>
                <tbody class="max-md:block">{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

use super::{empty::NoLocations, page::Locations, row::LocationTr};
use crate::{
    pages::wizard::{
        matcher::{BulkBar, BulkTarget, SelectPage, focus_wish},
        searches::location_search,
    },
    ui::table::{Loaded, Pager, SortHeader},
};
use domain::{ids::CompanyId, mapping::RemoteLocationRow, page::Listing};
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
    let (list, matcher, total) = (page.list, page.matcher, found.total);
    let ids = StoredValue::new(found.items.iter().map(|r| r.remote_id.clone()).collect::<Vec<_>>());
    let companies = StoredValue::new(
        found
            .items
            .iter()
            .map(|r| (r.remote_id.clone(), r.company.as_ref().map(|c| c.id)))
            .collect::<Vec<_>>(),
    );
    let pages = found.pages();
    Effect::new(move || matcher.pages.set(pages));
    focus_wish(matcher.wish);
    let target = Signal::derive(move || {
        let company = companies.with_value(|all| shared_company(page, all))?;
        let search = Callback::new(location_search(company));
        Some(BulkTarget { label: "Location for all selected", search })
    });
    let rows = found.items.into_iter().map(|row| view! { <LocationTr page row ids /> }).collect_view();
    view! {
        <Narrowed page />
        <BulkBar matcher total target />
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"NinjaOne locations and the locations they are mapped to"</caption>
                <thead>
                    <tr>
                        <SelectPage matcher ids />
                        <SortHeader list field="name" label="NinjaOne location" default=true />
                        <SortHeader list field="organization" label="Organization" />
                        <SortHeader list field="location" label="Mapped to" class="w-2/5" />
                        <SortHeader list field="status" label="Status" class="w-40" />
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

/// The company of all selected rows of the page, if it is one: then they can be mapped to one of its locations at once.
fn shared_company(page: Locations, rows: &[(String, Option<CompanyId>)]) -> Option<CompanyId> {
    page.matcher.selection.with(|selection| {
        let mut selected = rows.iter().filter(|(id, _)| selection.contains(id)).map(|(_, company)| *company);
        let first = selected.next()??;
        selected.all(|company| company == Some(first)).then_some(first)
    })
}

/// That the list shows one organization only, and the way back to all.
#[component]
fn Narrowed(page: Locations) -> impl IntoView {
    let organization = page.list.get("organization");
    move || {
        organization.get().map(|_| {
            let href = move || page.list.href("organization", None);
            view! {
                <p class="mb-2 text-sm">
                    <span class="text-muted">"Only locations of one organization are shown. "</span>
                    <a class="link" href=href>"Show all"</a>
                </p>
            }
        })
    }
}

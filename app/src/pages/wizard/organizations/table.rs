use super::{empty::NoOrganizations, page::Organizations, row::OrganizationTr};
use crate::{
    pages::wizard::{
        matcher::{BulkBar, BulkTarget, SelectPage, focus_wish},
        searches::company_search,
    },
    ui::table::{Loaded, Pager, SortHeader},
};
use domain::{mapping::OrganizationRow, page::Listing};
use leptos::prelude::*;

/// The organizations of the present page, or what to do when there are none.
#[component]
pub fn OrganizationsTable(page: Organizations) -> impl IntoView {
    let show = move |found: Listing<OrganizationRow>| match found.total {
        0 => view! { <NoOrganizations page /> }.into_any(),
        _ => view! { <Rows page found /> }.into_any(),
    };
    let retry = Callback::new(move |()| page.reload());
    view! { <Loaded read=page.rows rows=8 columns=4 show retry /> }
}

#[component]
fn Rows(page: Organizations, found: Listing<OrganizationRow>) -> impl IntoView {
    let (list, matcher, total) = (page.list, page.matcher, found.total);
    let search = company_search();
    let ids = StoredValue::new(found.items.iter().map(|r| r.remote_id.clone()).collect::<Vec<_>>());
    let pages = found.pages();
    Effect::new(move || matcher.pages.set(pages));
    focus_wish(matcher.wish);
    let rows =
        found.items.into_iter().map(|row| view! { <OrganizationTr page row ids search /> }).collect_view();
    let target = Signal::derive(move || Some(BulkTarget { label: "Company for all selected", search }));
    view! {
        <BulkBar matcher total target />
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Organizations and the companies they are mapped to"</caption>
                <thead>
                    <tr>
                        <SelectPage matcher ids />
                        <SortHeader list field="name" label="Company name" default=true />
                        <SortHeader list field="device_count" label="Devices" class="num w-24" />
                        <SortHeader list field="company" label="Mapped to" class="w-1/2" />
                        <SortHeader list field="status" label="Status" class="w-40" />
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

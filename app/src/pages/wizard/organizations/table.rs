use super::{empty::NoOrganizations, page::Organizations, row::OrganizationTr};
use crate::{
    pages::wizard::searches::company_search,
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
    let list = page.list;
    let search = company_search();
    let rows = found.items.into_iter().map(|row| view! { <OrganizationTr page row search /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm max-md:block max-md:[&_tr]:border-b max-md:[&_tr]:border-base-300 max-md:[&_:is(td,th)]:border-0">
                <caption class="sr-only">"Organizations and the companies they are mapped to"</caption>
                <thead class="max-md:hidden">
                    <tr>
                        <SortHeader list field="name" label="Company name" default=true />
                        <SortHeader list field="device_count" label="Devices" class="num w-24" />
                        <SortHeader list field="company" label="Mapped to" class="w-1/2" />
                        <SortHeader list field="status" label="Status" class="w-36" />
                    </tr>
                </thead>
                <tbody class="max-md:block">{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

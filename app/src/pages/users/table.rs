use super::{row::UserRow, tools::UserTools};
use crate::ui::{
    list::ListState,
    table::{Pager, SortHeader},
};
use domain::{page::Listing, users::Member};
use leptos::prelude::*;

/// The list. Its box does not scroll by itself: menus hang out of it.
#[component]
pub fn UsersTable(list: ListState, found: Listing<Member>, tools: UserTools) -> impl IntoView {
    let rows = found.items.into_iter().map(|member| view! { <UserRow member tools /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Users"</caption>
                <thead>
                    <tr>
                        <SortHeader list field="name" label="Name" default=true />
                        <SortHeader list field="role" label="Role" />
                        <th scope="col">"State"</th>
                        <SortHeader list field="since" label="Since" />
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

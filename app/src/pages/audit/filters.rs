use super::days::DayFilter;
use crate::ui::{
    known::Known,
    list::ListState,
    table::{FilterSelect, SearchBox},
};
use domain::{
    audit::{AuditAction, AuditKind},
    ids::UserId,
};
use leptos::prelude::*;

/// Keys of the filters in the address, as the file takes them too.
pub const FILTERS: [&str; 5] = ["action", "user_id", "subject_kind", "from", "to"];

/// Those whose values are known.
pub const KNOWN: &[Known] = &[
    Known::of::<AuditAction>("action", "an action"),
    Known::of::<UserId>("user_id", "a user"),
    Known::of::<AuditKind>("subject_kind", "a kind of thing"),
];

/// What is done, to what, by whom and when.
#[component]
pub fn AuditFilters(list: ListState) -> impl IntoView {
    let actions = AuditAction::ALL.iter().map(|action| (action.to_string(), action.label())).collect();
    let kinds = AuditKind::ALL.iter().map(|kind| (kind.to_string(), kind.label())).collect();
    let user = list.get("user_id");
    let everybody = move || {
        user.get().map(|_| {
            view! {
                <p class="text-sm">
                    "Only events of one user. "
                    <a class="link" href=move || list.href("user_id", None)>"Show everybody's"</a>
                </p>
            }
        })
    };
    view! {
        <div class="flex flex-col gap-2">
            <div class="flex flex-wrap items-end gap-2">
                <SearchBox list label="Search name or address" />
                <FilterSelect list key="action" label="Filter by what was done" all="Anything done" options=actions />
                <FilterSelect list key="subject_kind" label="Filter by what it was done to" all="To anything" options=kinds />
                <DayFilter list key="from" label="From" />
                <DayFilter list key="to" label="To" />
            </div>
            {everybody}
        </div>
    }
}

use crate::ui::{icon::Icon, list::ListState};
use leptos::prelude::*;

/// The header of a sortable column: a link that sorts by `field`, and the other way round when pressed again.
/// `default` marks the column that a list without a sort is sorted by.
#[component]
pub fn SortHeader(
    list: ListState,
    field: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] default: bool,
    #[prop(default = "")] class: &'static str,
) -> impl IntoView {
    let order = Memo::new(move |_| match list.sort.get().as_deref() {
        None if default => Some(false),
        Some(sort) if sort == field => Some(false),
        Some(sort) if sort.strip_prefix('-') == Some(field) => Some(true),
        _ => None,
    });
    let href = move || match order.try_get().flatten() {
        Some(false) => list.href("sort", Some(&format!("-{field}"))),
        _ => list.href("sort", Some(field)),
    };
    let aria_sort =
        move || order.try_get().flatten().map(|down| if down { "descending" } else { "ascending" });
    let icon = move || match order.try_get().flatten() {
        Some(false) => view! { <Icon name="chevron-up" class="size-3 shrink-0" /> },
        Some(true) => view! { <Icon name="chevron-down" class="size-3 shrink-0" /> },
        None => view! { <Icon name="sort" class="size-3 shrink-0 opacity-60" /> },
    };
    view! {
        <th scope="col" class=class aria-sort=aria_sort>
            <a href=href class="inline-flex items-center gap-1 hover:underline" data-noscroll>
                {label}
                {icon}
            </a>
        </th>
    }
}

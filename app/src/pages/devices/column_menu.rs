use super::{address::COLUMNS, columns::label};
use crate::ui::{icon::Icon, list::ListState, menu::Menu};
use domain::device_list::{Columns, DeviceColumn};
use leptos::prelude::*;

/// Which columns the list shows. Each is a link that adds or removes it, so that it works without JavaScript.
#[component]
pub fn ColumnMenu(list: ListState, columns: Memo<Columns>) -> impl IntoView {
    let button = view! {
        <Icon name="settings" />
        "Columns"
    };
    let choices = DeviceColumn::ALL.iter().filter(|c| **c != DeviceColumn::Name);
    let items = choices.map(|column| view! { <ColumnChoice list columns column=*column /> }).collect_view();
    let standard = move || columns.get() == Columns::default();
    view! {
        <Menu label="Columns" button=button.into_any() class="btn btn-sm" place="dropdown sm:dropdown-end">
            <ul class="menu menu-sm max-h-96 w-full flex-nowrap overflow-y-auto p-0" aria-label="Columns shown">
                {items}
            </ul>
            <Show when=move || !standard()>
                <a class="btn btn-ghost btn-sm mt-1 w-full" href=move || list.href(COLUMNS, None) data-noscroll>"Usual columns"</a>
            </Show>
        </Menu>
    }
}

/// One column with a mark while it is shown.
#[component]
fn ColumnChoice(list: ListState, columns: Memo<Columns>, column: DeviceColumn) -> impl IntoView {
    let shown = move || columns.try_get().is_some_and(|c| c.has(column));
    let href = move || {
        let chosen = columns.try_get().unwrap_or_default().toggled(column);
        let value = (chosen != Columns::default()).then(|| chosen.to_string());
        list.href(COLUMNS, value.as_deref())
    };
    let words =
        move || if shown() { format!("Hide {}", label(column)) } else { format!("Show {}", label(column)) };
    view! {
        <li>
            <a href=href aria-label=words aria-current=move || shown().then_some("true") data-noscroll>
                <span class="size-4 shrink-0">{move || shown().then(|| view! { <Icon name="check" /> })}</span>
                {label(column)}
            </a>
        </li>
    }
}

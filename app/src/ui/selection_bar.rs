//! Checking rows of a list, and the bar with what can be done with those checked.

use super::{number::count, selection::Selection};
use leptos::prelude::*;

/// The cell with a row's check box. In: the row's id and name, the ids of the page's rows.
#[component]
pub fn SelectCell<F>(
    selection: RwSignal<Selection<F>>,
    id: String,
    name: String,
    ids: StoredValue<Vec<String>>,
    #[prop(default = "align-top max-md:absolute max-md:top-3 max-md:right-3 max-md:p-0")] class: &'static str,
) -> impl IntoView
where
    F: Clone + Default + Send + Sync + 'static,
{
    let id = StoredValue::new(id);
    let checked = move || selection.with(|s| id.with_value(|id| s.contains(id)));
    let change = move |event| {
        let checked = event_target_checked(&event);
        let Some(id) = id.try_get_value() else { return };
        ids.try_with_value(|ids| selection.update(|s| s.set(&[id], checked, ids)));
    };
    view! {
        <td class=class>
            <input
                type="checkbox"
                class="checkbox checkbox-sm mt-1.5 max-md:mt-0"
                aria-label=format!("Select {name}")
                prop:checked=checked
                on:change=change
            />
        </td>
    }
}

/// Whether all rows of the page are checked; of a page without rows, none is.
pub fn all_of_page<F>(selection: RwSignal<Selection<F>>, ids: StoredValue<Vec<String>>) -> Memo<bool>
where
    F: Clone + Default + PartialEq + Send + Sync + 'static,
{
    let all_in = |s: &Selection<F>, ids: &[String]| !ids.is_empty() && ids.iter().all(|id| s.contains(id));
    Memo::new(move |_| selection.with(|s| ids.with_value(|ids| all_in(s, ids))))
}

/// The head of that column: all rows of the page.
#[component]
pub fn SelectHead<F>(selection: RwSignal<Selection<F>>, ids: StoredValue<Vec<String>>) -> impl IntoView
where
    F: Clone + Default + PartialEq + Send + Sync + 'static,
{
    let all_here = all_of_page(selection, ids);
    let check_page = move |event| {
        let checked = event_target_checked(&event);
        ids.try_with_value(|ids| selection.update(|s| s.set(ids, checked, ids)));
    };
    view! {
        <th scope="col" class="w-8">
            <input
                type="checkbox"
                class="checkbox checkbox-sm"
                aria-label="Select all rows of this page"
                disabled=ids.with_value(Vec::is_empty)
                prop:checked=move || all_here.get()
                on:change=check_page
            />
        </th>
    }
}

/// Shown while rows are checked: how many, all that match, none, and what can be done with them (`children`). In: what it is
/// called, how many rows the filters select, and the filters.
#[component]
pub fn SelectionBar<F>(
    selection: RwSignal<Selection<F>>,
    label: &'static str,
    #[prop(into)] total: Signal<i64>,
    #[prop(into)] filter: Signal<F>,
    children: ChildrenFn,
) -> impl IntoView
where
    F: Clone + Default + PartialEq + Send + Sync + 'static,
{
    let many = Memo::new(move |_| selection.with(Selection::len));
    let is_matching = move || selection.with(|s| matches!(s, Selection::Matching(..)));
    let select_all =
        move |_| selection.set(Selection::Matching(filter.get_untracked(), total.get_untracked()));
    let children = StoredValue::new(children);
    view! {
        <Show when=move || many.get() != 0>
            <section
                class="sticky top-2 z-20 mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-box border border-base-300 bg-base-100 p-2 text-sm shadow-md"
                aria-label=label
            >
                <span role="status" class="font-medium">{move || format!("{} selected", count(many.get()))}</span>
                <Show when=move || !is_matching() && many.get() < total.get()>
                    <button type="button" class="link" on:click=select_all>
                        {move || format!("Select all {} matching", count(total.get()))}
                    </button>
                </Show>
                <button type="button" class="link" on:click=move |_| selection.set(Selection::None)>"Clear selection"</button>
                <span class="grow"></span>
                {children.with_value(|children| children())}
            </section>
        </Show>
    }
}

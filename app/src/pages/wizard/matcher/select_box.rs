use super::state::Matcher;
use crate::layout::may;
use domain::role::Role;
use leptos::prelude::*;

/// The cell with a row's check box, for those who may decide. `ids` are the rows of the page.
#[component]
pub fn SelectBox(
    matcher: Matcher,
    remote_id: String,
    name: String,
    ids: StoredValue<Vec<String>>,
) -> impl IntoView {
    let id = StoredValue::new(remote_id);
    let selection = matcher.selection;
    let checked = move || selection.with(|s| id.with_value(|id| s.contains(id)));
    let change = move |event| {
        let checked = event_target_checked(&event);
        let Some(id) = id.try_get_value() else { return };
        ids.try_with_value(|ids| selection.update(|s| s.set(&[id], checked, ids)));
    };
    may(Role::Manage).then(|| {
        view! {
            <td class="align-top max-md:absolute max-md:top-3 max-md:right-3 max-md:p-0">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm mt-1.5 max-md:mt-0"
                    aria-label=format!("Select {name}")
                    prop:checked=checked
                    on:change=change
                />
            </td>
        }
    })
}

/// The head of that column: all rows of the page.
#[component]
pub fn SelectPage(matcher: Matcher, ids: StoredValue<Vec<String>>) -> impl IntoView {
    let selection = matcher.selection;
    let all_here =
        Memo::new(move |_| selection.with(|s| ids.with_value(|ids| ids.iter().all(|id| s.contains(id)))));
    let check_page = move |event| {
        let checked = event_target_checked(&event);
        ids.try_with_value(|ids| selection.update(|s| s.set(ids, checked, ids)));
    };
    may(Role::Manage).then(|| {
        view! {
            <th scope="col" class="w-8">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm"
                    aria-label="Select all rows of this page"
                    prop:checked=move || all_here.get()
                    on:change=check_page
                />
            </th>
        }
    })
}

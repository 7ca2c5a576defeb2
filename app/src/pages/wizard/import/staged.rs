use super::{page::Import, staged_empty::NoDevices, staged_filters::StagedFilters, staged_row::StagedTr};
use crate::{
    layout::may_manage,
    ui::{
        button::ActionButton,
        known::{IfKnown, Known},
        number::{count, things},
        selection::Selection,
        selection_bar::all_of_page,
        table::{Loaded, Pager, SortHeader},
    },
};
use domain::{
    ids::CompanyId,
    import::{ImportSelection, StagedDevice, StagedStatus},
    page::Listing,
    permissions::Area,
};
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] =
    &[Known::of::<CompanyId>("company", "a company"), Known::of::<StagedStatus>("status", "a status")];

/// The staged devices: filters, rows with check boxes, and the import of what is selected.
#[component]
pub fn StagedDevices(page: Import) -> impl IntoView {
    let show = move |found: Listing<StagedDevice>| match found.total {
        0 => view! { <NoDevices page /> }.into_any(),
        _ => view! { <Rows page found /> }.into_any(),
    };
    let retry = Callback::new(move |()| page.reload());
    view! {
        <section aria-labelledby="staged-title" class="flex flex-col gap-3">
            <h2 id="staged-title" class="text-lg font-semibold">"Staged devices"</h2>
            <StagedFilters page />
            <IfKnown list=page.list known=KNOWN>
                <Loaded read=page.staged rows=8 columns=5 show retry />
            </IfKnown>
        </section>
    }
}

#[component]
fn Rows(page: Import, found: Listing<StagedDevice>) -> impl IntoView {
    let list = page.list;
    let ids = StoredValue::new(found.items.iter().map(|d| d.remote_id.clone()).collect::<Vec<_>>());
    let rows = found.items.into_iter().map(|device| view! { <StagedTr page device ids /> }).collect_view();
    let manage = may_manage(Area::Mappings);
    view! {
        {manage.then(|| view! { <SelectionBar page ids total=found.total /> })}
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Staged devices"</caption>
                <thead>
                    <tr>
                        {manage.then(|| view! { <th scope="col" class="w-8"><span class="sr-only">"Select"</span></th> })}
                        <SortHeader list field="name" label="Device name" default=true />
                        <SortHeader list field="node_class" label="Node class" />
                        <SortHeader list field="organization" label="Organization" />
                        <SortHeader list field="company" label="Company" />
                        <SortHeader list field="status" label="Status" class="w-1/4" />
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

/// Select this page, select all that match, and import.
#[component]
fn SelectionBar(page: Import, ids: StoredValue<Vec<String>>, total: i64) -> impl IntoView {
    let selection = page.selection;
    let all_here = all_of_page(selection, ids);
    let many = move || selection.with(Selection::len);
    let check_page = move |event| {
        let checked = event_target_checked(&event);
        ids.try_with_value(|ids| selection.update(|s| s.set(ids, checked, ids)));
    };
    let all_matching = move |_| selection.set(Selection::Matching(page.filter.get_untracked(), total));
    let is_matching = move || selection.with(|s| matches!(s, Selection::Matching(..)));
    let import = Callback::new(move |()| {
        if let Some(request) =
            selection.with_untracked(|s| s.request(ImportSelection::RemoteIds, ImportSelection::Filter))
        {
            page.start.dispatch(request);
            selection.set(Selection::None);
        }
    });
    let label = Signal::derive(move || match many() {
        0 => "Import selected".to_owned(),
        n => format!("Import {}", things(n, "device", "devices")),
    });
    view! {
        <div class="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
            <label class="flex items-center gap-2">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm"
                    disabled=ids.with_value(Vec::is_empty)
                    prop:checked=move || all_here.get()
                    on:change=check_page
                />
                "Select this page"
            </label>
            <Show when=move || !is_matching()>
                <button type="button" class="link" on:click=all_matching>{format!("Select all {} matching", count(total))}</button>
            </Show>
            <Show when=move || many() != 0>
                <button type="button" class="link" on:click=move |_| selection.set(Selection::None)>"Clear selection"</button>
            </Show>
            <span role="status" class="text-muted">{move || match many() {
                0 => String::new(),
                n => format!("{} selected", count(n)),
            }}</span>
            <span class="grow"></span>
            <ActionButton
                label
                busy=page.start.pending()
                disabled=Signal::derive(move || many() == 0)
                on_press=import
                class="btn btn-sm btn-primary"
            />
        </div>
    }
}

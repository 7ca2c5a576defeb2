use super::undo::EditUndo;
use crate::{
    layout::{BackLink, PageHead, may_manage},
    pages::devices::api::list_device_edits,
    ui::{
        button::ActionButton,
        list::ListState,
        number::things,
        state::EmptyState,
        table::{Loaded, Pager, SearchBox},
        time::When,
    },
};
use domain::{
    device_edit::{DeviceEdit, DeviceField},
    page::Listing,
    permissions::Area,
};
use leptos::prelude::*;

/// What people did with devices, newest first, each with the way back.
#[component]
pub fn DeviceEditsPage() -> impl IntoView {
    let list = ListState::from_url();
    let edits = Resource::new(
        move || (list.page_number(), list.search_text()),
        |(page, search)| list_device_edits(page, None, search),
    );
    let undo = EditUndo::new(Callback::new(move |()| edits.refetch()));
    let show = move |found: Listing<DeviceEdit>| {
        match found.total {
        0 if untrack(|| list.is_narrowed(&[])) => view! {
            <EmptyState title="No edit matches" text="No device or person of that name has an edit." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all edits"</a>
            </EmptyState>
        }
        .into_any(),
        0 => view! {
            <EmptyState title="No edits yet" text="What people change about devices appears here and can be undone." icon="pencil">
                <a class="btn btn-sm" href="/devices">"Show devices"</a>
            </EmptyState>
        }
        .into_any(),
        _ => view! { <Rows list found undo /> }.into_any(),
    }
    };
    view! {
        <BackLink href="/devices" label="Devices" />
        <PageHead title="Edits of devices" text="What people changed by hand, one device or many. Syncs and imports are in the history of each integration." />
        <div class="mb-3"><SearchBox list label="Search edits" /></div>
        <Loaded read=edits rows=8 columns=4 show />
    }
}

#[component]
fn Rows(list: ListState, found: Listing<DeviceEdit>, undo: EditUndo) -> impl IntoView {
    let rows = found.items.into_iter().map(|edit| view! { <EditTr edit undo /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Edits of devices"</caption>
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col">"Devices"</th>
                        <th scope="col">"By"</th>
                        <th scope="col">"When"</th>
                        <th scope="col"><span class="sr-only">"Undo"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

#[component]
fn EditTr(edit: DeviceEdit, undo: EditUndo) -> impl IntoView {
    let fields = edit.fields.iter().map(|f: &DeviceField| f.label()).collect::<Vec<_>>().join(", ");
    let devices = match edit.devices {
        1 => edit.name.clone(),
        n => format!("{} and {}", edit.name, things(n - 1, "more", "more")),
    };
    let id = edit.id;
    let undone = edit.undone_at.map(|time| {
        let by = edit.undone_by.clone().map(|by| format!(" by {by}")).unwrap_or_default();
        view! { <span class="text-xs text-muted">{format!("Undone{by}, ")}<When time /></span> }
    });
    let can_undo = edit.can_undo && may_manage(Area::Devices);
    view! {
        <tr class="max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-1 max-md:p-3" data-edit-id=id.to_string()>
            <th scope="row" class="font-medium max-md:p-0">
                {edit.kind.label()}
                {(!fields.is_empty()).then(|| view! { <span class="block text-xs font-normal text-muted">{fields}</span> })}
            </th>
            <td class="break-words max-md:col-span-2 max-md:row-start-2 max-md:p-0">{devices}</td>
            <td class="max-md:p-0">{edit.user_name}</td>
            <td class="max-md:justify-self-end max-md:p-0"><When time=edit.at /></td>
            <td class="text-right max-md:col-start-2 max-md:row-start-1 max-md:p-0">
                {undone}
                {can_undo
                    .then(|| {
                        let on_press = Callback::new(move |()| undo.take_back(id));
                        view! { <ActionButton label="Undo" on_press class="btn btn-xs" /> }
                    })}
            </td>
        </tr>
    }
}

use super::{owner::OwnerDialog, state::Bulk};
use crate::{
    pages::wizard::{device_type_search, location_search},
    ui::{
        button::ActionButton,
        combobox::{ComboFuture, ComboOption, Combobox},
        selection_bar::SelectionBar,
    },
};
use domain::{
    device_edit::{DeviceAction, DeviceField},
    ids::CompanyId,
};
use leptos::prelude::*;

/// What can be done with the checked devices: type, location (of one company), owner, release, archive, restore.
#[component]
pub fn BulkBar(bulk: Bulk, #[prop(into)] total: Signal<i64>) -> impl IntoView {
    view! {
        <SelectionBar selection=bulk.selection label="Edit the selected devices" total filter=bulk.query>
            <SetChoice bulk field=DeviceField::DeviceType label="Set the type" search=device_type_search() />
            {move || bulk.query.get().filter.company.map(|company| view! { <SetLocation bulk company /> })}
            <Buttons bulk />
        </SelectionBar>
    }
}

#[component]
fn SetLocation(bulk: Bulk, company: CompanyId) -> impl IntoView {
    let search = Callback::new(location_search(company));
    view! { <SetChoice bulk field=DeviceField::Location label="Set the location" search /> }
}

#[component]
fn SetChoice(
    bulk: Bulk,
    field: DeviceField,
    label: &'static str,
    search: Callback<String, ComboFuture>,
) -> impl IntoView {
    let on_select = Callback::new(move |option: ComboOption| bulk.set(field, Some(option.id)));
    view! {
        <div class="w-full sm:w-44">
            <Combobox label selected=Signal::derive(|| None) search on_select placeholder=label mark=false />
        </div>
    }
}

#[component]
fn Buttons(bulk: Bulk) -> impl IntoView {
    let open = RwSignal::new(false);
    let button = move |label: &'static str, action: DeviceAction, done: &'static str| {
        let on_press = Callback::new(move |()| bulk.act(action.clone(), done));
        view! { <ActionButton label busy=bulk.busy on_press class="btn btn-sm" /> }
    };
    view! {
        <div class="flex flex-wrap gap-1.5">
            <button type="button" class="btn btn-sm" on:click=move |_| open.set(true)>"Set the owner"</button>
            {button("Release fields", DeviceAction::Release(DeviceField::ALL.to_vec()), "Released")}
            {button("Archive", DeviceAction::Archive, "Archived")}
            {button("Restore", DeviceAction::Restore, "Restored")}
        </div>
        <OwnerDialog open bulk />
    }
}

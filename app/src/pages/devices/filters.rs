use super::words::{backup_words, status_words};
use crate::{
    pages::{
        companies::api::get_company, device_types::api::list_device_types, integrations::Integrations,
        wizard::company_search,
    },
    ui::{
        combobox::{ComboAction, ComboOption, Combobox},
        list::ListState,
        table::SearchBox,
    },
};
use domain::{
    device::{BackupState, DeviceStatus},
    integration::Integration,
};
use leptos::prelude::*;

/// Keys of the filters in the address.
pub const FILTERS: [&str; 7] = ["company", "location", "type", "status", "source", "backup", "owner"];

/// Search, and filters by company, type, status, backup, source and owner.
#[component]
pub fn DeviceFilters(list: ListState, integrations: Integrations) -> impl IntoView {
    let statuses =
        DeviceStatus::ALL.iter().map(|s| (s.to_string(), status_words(*s).1.to_owned())).collect::<Vec<_>>();
    let backups =
        BackupState::ALL.iter().map(|b| (b.to_string(), backup_words(*b).1.to_owned())).collect::<Vec<_>>();
    let types = Resource::new(
        || (),
        |()| async {
            let found = list_device_types(None, Some(200), None, None, None).await;
            found
                .map(|f| f.items.into_iter().map(|t| (t.id.to_string(), t.name)).collect::<Vec<_>>())
                .unwrap_or_default()
        },
    );
    let narrowed = move || list.is_narrowed(&FILTERS);
    view! {
        <div class="flex flex-wrap items-center gap-2">
            <SearchBox list label="Search devices" />
            <div class="w-full sm:w-52"><CompanyFilter list /></div>
            <Transition>
                {move || Suspend::new(async move {
                    view! { <FilterSelect list name="type" all="All types" label="Filter by type" options=types.await /> }
                })}
            </Transition>
            <FilterSelect list name="status" all="Any status" label="Filter by status" options=statuses />
            <FilterSelect list name="backup" all="Any backup" label="Filter by backup" options=backups />
            <Transition>
                {move || Suspend::new(async move {
                    let options = sources(integrations.await.unwrap_or_default());
                    view! { <FilterSelect list name="source" all="All sources" label="Filter by source" options /> }
                })}
            </Transition>
            <OwnerFilter list />
            {move || narrowed().then(|| view! { <a class="btn btn-ghost btn-sm" href=move || list.path()>"Clear filters"</a> })}
        </div>
    }
}

/// Where devices can come from: each integration, or none.
fn sources(integrations: Vec<Integration>) -> Vec<(String, String)> {
    let named = integrations.into_iter().map(|i| (i.id.to_string(), i.name));
    named.chain([("manual".to_owned(), "No integration".to_owned())]).collect()
}

/// A select that sets one filter.
#[component]
fn FilterSelect(
    list: ListState,
    name: &'static str,
    all: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
) -> impl IntoView {
    let chosen = list.get(name);
    let change = move |event| list.set(name, Some(event_target_value(&event)).filter(|v| !v.is_empty()));
    let option = move |(value, text): (String, String)| {
        let key = value.clone();
        let selected = move || chosen.get().as_deref() == Some(key.as_str());
        view! { <option value=value selected=untrack(&selected) prop:selected=selected>{text}</option> }
    };
    view! {
        <select class="select select-sm w-[calc(50%-0.25rem)] sm:w-36" aria-label=label on:change=change>
            <option value="" prop:selected=move || chosen.get().is_none()>{all}</option>
            {options.into_iter().map(option).collect_view()}
        </select>
    }
}

/// A field that filters by part of the owner's name or e-mail.
#[component]
fn OwnerFilter(list: ListState) -> impl IntoView {
    let chosen = list.get("owner");
    let change =
        move |event| list.set("owner", Some(event_target_value(&event)).filter(|v| !v.trim().is_empty()));
    let text = move || chosen.get().unwrap_or_default();
    view! {
        <input
            type="search"
            class="input input-sm w-full sm:w-40"
            aria-label="Filter by owner"
            placeholder="Owner"
            autocomplete="off"
            value=text
            prop:value=text
            on:change=change
        />
    }
}

#[component]
fn CompanyFilter(list: ListState) -> impl IntoView {
    let chosen = list.get("company");
    let named = Resource::new(
        move || chosen.get(),
        |id| async move {
            let id = id?.parse().ok()?;
            get_company(id).await.ok().map(|c| (c.id.to_string(), c.name))
        },
    );
    let selected = Signal::derive(move || named.get().flatten());
    let on_select = Callback::new(move |option: ComboOption| list.set("company", Some(option.id)));
    let all = ComboAction {
        label: "All companies".to_owned(),
        on_press: Callback::new(move |()| list.set("company", None)),
    };
    let extra = Signal::derive(move || if chosen.get().is_some() { vec![all.clone()] } else { Vec::new() });
    view! {
        <Transition>
            <Combobox
                label="Filter by company"
                selected
                search=company_search()
                on_select
                extra
                placeholder="All companies"
                mark=false
            />
        </Transition>
    }
}

use super::page::Import;
use crate::{
    pages::{
        companies::api::get_company,
        wizard::{api::list_organizations, current::required, searches::company_search},
    },
    ui::{
        combobox::{ComboAction, ComboFuture, ComboOption, Combobox},
        filter_tabs::{FilterTab, FilterTabs},
        table::SearchBox,
    },
};
use domain::import::StagedCounts;
use leptos::prelude::*;

/// Search, and filters by type, organization, company and status.
#[component]
pub fn StagedFilters(page: Import) -> impl IntoView {
    view! {
        <div class="flex flex-wrap items-center gap-2">
            <SearchBox list=page.list label="Search staged devices" />
            <ClassFilter page />
            <div class="w-full sm:w-60"><OrganizationFilter page /></div>
            <div class="w-full sm:w-60"><CompanyFilter page /></div>
        </div>
        <Transition fallback=move || view! { <FilterTabs list=page.list name="status" label="Filter by status" tabs=tabs(None) /> }>
            {move || Suspend::new(async move {
                let tabs = tabs(page.counts.await.ok());
                view! { <FilterTabs list=page.list name="status" label="Filter by status" tabs /> }
            })}
        </Transition>
    }
}

fn tabs(counts: Option<StagedCounts>) -> Vec<FilterTab> {
    vec![
        FilterTab::new(None, "All", counts.map(|c| c.all)),
        FilterTab::new(Some("ready"), "Ready", counts.map(|c| c.ready)),
        FilterTab::new(Some("imported"), "Imported", counts.map(|c| c.imported)),
        FilterTab::new(Some("blocked"), "Blocked", counts.map(|c| c.blocked)),
    ]
}

/// A select of the node classes found.
#[component]
fn ClassFilter(page: Import) -> impl IntoView {
    let chosen = page.list.get("class");
    let change =
        move |event| page.list.set("class", Some(event_target_value(&event)).filter(|v| !v.is_empty()));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let classes = page.classes.await.map(|c| c.items).unwrap_or_default();
                let option = |class: String| {
                    let value = class.clone();
                    let selected = move || chosen.get().as_deref() == Some(value.as_str());
                    view! { <option value=class.clone() selected=untrack(&selected) prop:selected=selected>{class.clone()}</option> }
                };
                let options = classes.into_iter().map(|c| option(c.node_class)).collect_view();
                view! {
                    <select class="select select-sm w-full sm:w-52" aria-label="Filter by type" on:change=change>
                        <option value="" prop:selected=move || chosen.get().is_none()>"All types"</option>
                        {options}
                    </select>
                }
            })}
        </Transition>
    }
}

/// A filter that is chosen with a combobox: its key in the URL, and the action that takes it away.
fn clear(page: Import, key: &'static str, label: &'static str) -> Signal<Vec<ComboAction>> {
    let chosen = page.list.get(key);
    let all =
        ComboAction { label: label.to_owned(), on_press: Callback::new(move |()| page.list.set(key, None)) };
    Signal::derive(move || if chosen.get().is_some() { vec![all.clone()] } else { Vec::new() })
}

#[component]
fn OrganizationFilter(page: Import) -> impl IntoView {
    let chosen = page.list.get("organization");
    // The name of an organization chosen by a link is in the rows; one chosen here is remembered.
    let picked = RwSignal::new(None::<ComboOption>);
    let in_rows = move |id: &str| {
        let rows = page.staged.get()?.ok()?;
        rows.items.into_iter().find(|d| d.organization_remote_id == id).map(|d| d.organization)
    };
    let selected = Signal::derive(move || {
        let id = chosen.get()?;
        let name = picked.get().filter(|p| p.id == id).map(|p| p.text).or_else(|| in_rows(&id));
        Some((id.clone(), name.unwrap_or_else(|| format!("Organization {id}"))))
    });
    let search = Callback::new(move |text: String| -> ComboFuture {
        let id = page.current.id.get_untracked();
        Box::pin(async move {
            let text = Some(text).filter(|t| !t.trim().is_empty());
            let found = list_organizations(None, None, text, None, required(id)?, None).await?;
            Ok(found.items.into_iter().map(|o| ComboOption::new(o.remote_id, o.name)).collect())
        })
    });
    let on_select = Callback::new(move |option: ComboOption| {
        page.list.set("organization", Some(option.id.clone()));
        picked.set(Some(option));
    });
    let extra = clear(page, "organization", "All organizations");
    view! {
        <Transition>
            <Combobox label="Filter by organization" selected search on_select extra placeholder="All organizations" mark=false />
        </Transition>
    }
}

#[component]
fn CompanyFilter(page: Import) -> impl IntoView {
    let chosen = page.list.get("company");
    let named = Resource::new(
        move || chosen.get(),
        |id| async move {
            let id = id?.parse().ok()?;
            get_company(id).await.ok().map(|c| (c.id.to_string(), c.name))
        },
    );
    let selected = Signal::derive(move || named.get().flatten());
    let on_select = Callback::new(move |option: ComboOption| page.list.set("company", Some(option.id)));
    let extra = clear(page, "company", "All companies");
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

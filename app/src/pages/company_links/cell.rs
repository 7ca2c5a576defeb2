use super::{
    page::Links,
    save::{Change, save},
};
use crate::{
    error::AppError,
    layout::may_manage,
    pages::wizard::api::list_organizations,
    ui::{
        combobox::{ComboAction, ComboFuture, ComboOption, Combobox, SaveState},
        number::things,
    },
};
use domain::{
    company::CompanyRef, company_links::OrganizationLink, ids::IntegrationId, integration::Integration,
    mapping::OrganizationRow, permissions::Area,
};
use leptos::prelude::*;

/// The organizations that a company is in one integration: a field for each, and one more to link.
#[component]
pub fn LinkCell(
    page: Links,
    company: CompanyRef,
    integration: Integration,
    links: Vec<OrganizationLink>,
) -> impl IntoView {
    let id = integration.id;
    let label = format!("Organization of {} in {}", company.name, integration.name);
    let adding = RwSignal::new(links.is_empty());
    let linked = links
        .into_iter()
        .map(|link| view! { <Linked page company=company.clone() link label=label.clone() adding /> })
        .collect_view();
    view! {
        <td class="align-top">
            <div class="flex flex-col gap-1.5">
                {linked}
                <Show when=move || adding.get()>
                    <Add page company=company.clone() id label=label.clone() />
                </Show>
            </div>
        </td>
    }
}

/// Organizations of an integration by name, with what they are now.
fn organization_search(id: IntegrationId) -> Callback<String, ComboFuture> {
    Callback::new(move |text: String| -> ComboFuture {
        Box::pin(async move {
            let asked = Some(text.trim().to_owned()).filter(|t| !t.is_empty());
            let sort = Some(if asked.is_some() { "name" } else { "status" }.to_owned());
            let found = list_organizations(None, Some(50), asked, sort, id, None).await?;
            Ok::<_, AppError>(found.items.into_iter().map(option).collect())
        })
    })
}

fn option(row: OrganizationRow) -> ComboOption {
    let devices = things(row.device_count, "device", "devices");
    let now = match row.company {
        Some(company) => format!("{devices}, linked to {}", company.name),
        None => devices,
    };
    ComboOption { detail: Some(now), ..ComboOption::new(row.remote_id, row.name) }
}

/// The field that links an organization.
#[component]
fn Add(page: Links, company: CompanyRef, id: IntegrationId, label: String) -> impl IntoView {
    let state = RwSignal::new(SaveState::Idle);
    let on_select = Callback::new(move |option: ComboOption| {
        let told = format!("“{}” is linked to “{}”.", option.text, company.name);
        save(page, id, Change::Link(option.id, company.id), told, false, state);
    });
    view! {
        <Combobox
            label
            selected=Signal::derive(|| None)
            search=organization_search(id)
            on_select
            state
            disabled=!may_manage(Area::Mappings)
            placeholder="Not linked. Choose an organization…"
        />
    }
}

/// One linked organization: choosing another one swaps it; it can be unlinked, and one more be linked.
#[component]
fn Linked(
    page: Links,
    company: CompanyRef,
    link: OrganizationLink,
    label: String,
    adding: RwSignal<bool>,
) -> impl IntoView {
    let id = link.integration_id;
    let state = RwSignal::new(SaveState::Idle);
    let chosen = (link.remote_id.clone(), link.name.clone());
    let selected = Signal::derive(move || Some(chosen.clone()));
    let (swapped, old) = (company.name.clone(), link.clone());
    let on_select = Callback::new(move |option: ComboOption| {
        if option.id != old.remote_id {
            let told = format!("“{}” took the place of “{}” at “{swapped}”.", option.text, old.name);
            let change = Change::Swap(old.remote_id.clone(), old.version, option.id);
            save(page, id, change, told, false, state);
        }
    });
    let missing = link_note(link.missing);
    let told = format!("“{}” is no longer linked to “{}”.", link.name, company.name);
    let unlink = Callback::new(move |()| {
        let change = Change::Unlink(link.remote_id.clone(), link.version);
        save(page, id, change, told.clone(), false, state);
    });
    let extra = vec![
        ComboAction { label: "Unlink".to_owned(), on_press: unlink },
        ComboAction {
            label: "Link one more organization".to_owned(),
            on_press: Callback::new(move |()| adding.set(true)),
        },
    ];
    view! {
        <Combobox
            label
            selected
            search=organization_search(id)
            on_select
            extra=Signal::stored(extra)
            state
            disabled=!may_manage(Area::Mappings)
            placeholder="Choose an organization…"
        />
        {missing}
    }
}

fn link_note(missing: bool) -> Option<impl IntoView> {
    missing.then(|| view! { <span class="text-xs text-muted">"Missing in NinjaOne"</span> })
}

use super::page::Locations;
use crate::{
    layout::may_manage,
    pages::wizard::{
        api::save_location,
        current::required,
        matcher::{
            Made, Proposal, RowSaver, Second, SelectBox, actions, acts, go_on_from_focus, row_keys,
            row_saver, shown, taking,
        },
        organization_link::OrganizationLink,
        saver::Saved,
        searches::location_search,
    },
    ui::{
        badge::{Badge, Tone},
        combobox::{ComboKeys, ComboOption, Combobox},
    },
};
use domain::{
    company::CompanyRef,
    ids::IntegrationId,
    mapping::{LocationChoice, MappingStatus, RemoteLocationRow},
    permissions::Area,
};
use leptos::prelude::*;

type LocationSaver = RowSaver<RemoteLocationRow>;

/// One remote location: its PSA location is chosen in the row and saved at once. `ids` are the rows of the page.
#[component]
pub fn LocationTr(page: Locations, row: RemoteLocationRow, ids: StoredValue<Vec<String>>) -> impl IntoView {
    let (remote_id, name, address) = (row.remote_id.clone(), row.name.clone(), row.address.clone());
    let (organization, company) = (row.organization.clone(), row.company.clone());
    let organization_id = row.organization_remote_id.clone();
    let only = move || page.list.href("organization", Some(&organization_id));
    let only_label = format!("Only locations of {organization}");
    let (missing, hook) = (row.missing_since.is_some(), row.remote_id.clone());
    let saver = saver(page, row);
    let status = Memo::new(move |_| saver.row.with(|r| r.status));
    let cell = match company.clone() {
        Some(company) => view! { <LocationCell page saver name=name.clone() company /> }.into_any(),
        None => view! { <NoCompany page organization=organization.clone() /> }.into_any(),
    };
    let made = move || {
        let row = saver.row.get();
        view! { <Made status=row.status by=row.mapped_by name=row.mapped_by_name at=row.mapped_at /> }
    };
    view! {
        <tr
            class="max-md:relative max-md:flex max-md:flex-col max-md:gap-1.5 max-md:p-3"
            data-remote-id=hook
            data-status=move || status.get().as_str()
        >
            <SelectBox matcher=page.matcher remote_id name=name.clone() ids />
            <th scope="row" class="align-top font-medium max-md:p-0 max-md:pr-8">
                <span class="break-words">{name}</span>
                {missing.then(|| view! { " " <Badge tone=Tone::Warning label="Missing in NinjaOne" /> })}
                {address.map(|a| view! { <span class="block text-xs font-normal text-muted">{a}</span> })}
            </th>
            <td class="align-top max-md:p-0">
                <span class="text-muted md:sr-only">"Organization: "</span>
                <a class="link link-hover" href=only title=only_label>{organization.clone()}</a>
                {company
                    .filter(|c| c.name != organization)
                    .map(|c| view! { <span class="block text-xs text-muted">{c.name}</span> })}
            </td>
            <td class="align-top max-md:p-0">{cell}</td>
            <td class="align-top max-md:p-0">{made}</td>
        </tr>
    }
}

fn saver(page: Locations, row: RemoteLocationRow) -> LocationSaver {
    let save = move |row: &RemoteLocationRow, choice, _confirm| {
        send(page.current.id.get_untracked(), row.remote_id.clone(), row.version, choice)
    };
    row_saver(page.matcher, row, save, move || page.counts.refetch())
}

fn send(
    id: Option<IntegrationId>,
    remote_id: String,
    version: i64,
    choice: LocationChoice,
) -> Saved<RemoteLocationRow> {
    Box::pin(async move { save_location(required(id)?, remote_id, choice, Some(version)).await })
}

/// Says that the organization comes first, and where.
#[component]
fn NoCompany(page: Locations, organization: String) -> impl IntoView {
    view! {
        <p class="text-xs text-muted">
            "The organization is not mapped to a company yet. "
            <OrganizationLink integration=page.current.id organization />
        </p>
    }
}

/// The field that chooses among the company's locations, and the proposal of a pending row.
#[component]
fn LocationCell(page: Locations, saver: LocationSaver, name: String, company: CompanyRef) -> impl IntoView {
    let location = |r: &RemoteLocationRow| r.location.clone().map(|l| (l.id.to_string(), l.name));
    let selected = shown(saver, location);
    let on_select = Callback::new(move |option: ComboOption| {
        if let Ok(id) = option.id.parse() {
            saver.save(LocationChoice::Link(id), Some(option.text));
        }
    });
    let on_retry = Callback::new(move |()| saver.retry());
    let create = format!("Create location “{name}” at {}", company.name);
    let extra = actions(saver, &name, create, "Ignore this location");
    let keys = ComboKeys {
        closed: row_keys(page.matcher, page.help, acts(saver, name.clone())),
        chosen: Callback::new(move |()| go_on_from_focus(page.matcher)),
    };
    view! {
        <Combobox
            label=format!("Location for {name}")
            selected
            search=Callback::new(location_search(company.id))
            on_select
            extra
            state=saver.state()
            on_retry
            disabled=!may_manage(Area::Mappings)
            placeholder="Choose a location…"
            keys
        />
        <Suggestion saver />
    }
}

/// The proposal of a pending row.
#[component]
fn Suggestion(saver: LocationSaver) -> impl IntoView {
    move || {
        let proposed =
            saver.row.with(|r| r.suggestion.clone().filter(|_| r.status == MappingStatus::Pending));
        proposed.map(|s| {
            let on_accept = taking(saver, s.location.id, s.location.name.clone());
            let second = s.runner_up.map(|second| Second {
                on_take: taking(saver, second.location.id, second.location.name.clone()),
                text: second.location.name,
                confidence: second.confidence,
            });
            view! { <Proposal text=s.location.name confidence=s.confidence reasons=s.reasons second on_accept /> }
        })
    }
}

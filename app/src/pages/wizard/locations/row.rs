use super::page::Locations;
use crate::{
    layout::may,
    pages::wizard::{
        api::save_location,
        current::required,
        matcher::{Made, Proposal, RowAct, Second, SelectBox, go_on_from_focus, row_keys},
        paths::step_path,
        saver::{Hears, Saved, Saver},
        searches::location_search,
    },
    ui::{
        badge::{Badge, Tone},
        combobox::{ComboAction, ComboKeys, ComboOption, Combobox},
        toast::use_toasts,
        url::encode,
    },
};
use domain::{
    company::CompanyRef,
    ids::{IntegrationId, LocationId},
    mapping::{LocationChoice, MappingStatus, RemoteLocationRow},
    role::Role,
    wizard::Step,
};
use leptos::prelude::*;

type LocationSaver = Saver<RemoteLocationRow, LocationChoice>;

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

/// A saver for this row that keeps the counts true, offers the way back, and reloads the list when somebody else was
/// first.
fn saver(page: Locations, row: RemoteLocationRow) -> LocationSaver {
    let toasts = use_toasts();
    let save = move |row: &RemoteLocationRow, choice, _confirm: bool| {
        send(page.current.id.get_untracked(), row.remote_id.clone(), row.version, choice)
    };
    let saved = Callback::new(move |row: RemoteLocationRow| {
        page.counts.refetch();
        page.matcher.saved(row.undo, told(&row));
    });
    let conflict = Callback::new(move |error: crate::error::AppError| {
        toasts.error(error.message());
        page.reload();
    });
    let ask = Callback::new(move |question: String| toasts.error(question));
    Saver::new(row, save, Hears { saved, conflict, ask })
}

/// What was decided, in words.
fn told(row: &RemoteLocationRow) -> String {
    match (&row.location, row.status) {
        (Some(location), _) => format!("“{}” is mapped to “{}”.", row.name, location.name),
        (None, MappingStatus::Ignored) => format!("“{}” is ignored.", row.name),
        (None, _) => format!("“{}” is not mapped.", row.name),
    }
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
    let href = move || {
        let step = step_path(page.current.id.get(), Step::Organizations)?;
        Some(format!("{step}?search={}", encode(&organization)))
    };
    view! {
        <p class="text-xs text-muted">
            "The organization is not mapped to a company yet. "
            <a class="link text-base-content" href=href>"Map the organization"</a>
        </p>
    }
}

/// The field that chooses among the company's locations, and the proposal of a pending row.
#[component]
fn LocationCell(page: Locations, saver: LocationSaver, name: String, company: CompanyRef) -> impl IntoView {
    let selected = Signal::derive(move || {
        let location = saver.row.with(|r| r.location.clone()).map(|l| (l.id.to_string(), l.name));
        match saver.pending_text() {
            Some(text) => Some((String::new(), text)),
            None => location,
        }
    });
    let on_select = Callback::new(move |option: ComboOption| {
        if let Ok(id) = option.id.parse() {
            saver.save(LocationChoice::Link(id), Some(option.text));
        }
    });
    let on_retry = Callback::new(move |()| saver.retry());
    let extra = actions(saver, &name, &company.name);
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
            disabled=!may(Role::Manage)
            placeholder="Choose a location…"
            keys
        />
        <Suggestion saver />
    }
}

/// The proposal of a pending row.
#[component]
fn Suggestion(saver: LocationSaver) -> impl IntoView {
    let take = move |id: LocationId, text: String| {
        Callback::new(move |()| saver.save(LocationChoice::Link(id), Some(text.clone())))
    };
    move || {
        let proposed =
            saver.row.with(|r| r.suggestion.clone().filter(|_| r.status == MappingStatus::Pending));
        proposed.map(|s| {
            let on_accept = take(s.location.id, s.location.name.clone());
            let second = s.runner_up.map(|second| Second {
                on_take: take(second.location.id, second.location.name.clone()),
                text: second.location.name,
                confidence: second.confidence,
            });
            view! { <Proposal text=s.location.name confidence=s.confidence reasons=s.reasons second on_accept /> }
        })
    }
}

/// What keys ask of the row; says whether it could be done.
fn acts(saver: LocationSaver, name: String) -> Callback<RowAct, bool> {
    Callback::new(move |act: RowAct| {
        let Some((status, proposed)) = saver.row.try_with_untracked(|r| (r.status, r.suggestion.clone()))
        else {
            return false;
        };
        let (choice, text) = match (act, proposed) {
            (RowAct::Accept, Some(s)) if status == MappingStatus::Pending => {
                (LocationChoice::Link(s.location.id), Some(s.location.name))
            }
            (RowAct::Create, _) if status != MappingStatus::Mapped => {
                (LocationChoice::Create, Some(name.clone()))
            }
            (RowAct::Ignore, _) if status != MappingStatus::Ignored => (LocationChoice::Ignore, None),
            (RowAct::Unmap, _) if status != MappingStatus::Unmapped => (LocationChoice::Unmap, None),
            _ => return false,
        };
        saver.save(choice, text);
        true
    })
}

/// What can be done besides choosing a location, as the row stands.
fn actions(saver: LocationSaver, name: &str, company: &str) -> Signal<Vec<ComboAction>> {
    let act = move |label: String, choice: LocationChoice, text: Option<String>| ComboAction {
        label,
        on_press: Callback::new(move |()| saver.save(choice.clone(), text.clone())),
    };
    let create =
        act(format!("Create location “{name}” at {company}"), LocationChoice::Create, Some(name.to_owned()));
    let ignore = act("Ignore this location".to_owned(), LocationChoice::Ignore, None);
    let unmap = act("Unmap".to_owned(), LocationChoice::Unmap, None);
    let reject = act("Reject the proposal".to_owned(), LocationChoice::Unmap, None);
    let notice = act("Stop ignoring".to_owned(), LocationChoice::Unmap, None);
    Signal::derive(move || match saver.row.with(|r| r.status) {
        MappingStatus::Mapped => vec![unmap.clone(), ignore.clone()],
        MappingStatus::Pending => vec![create.clone(), reject.clone(), ignore.clone()],
        MappingStatus::Unmapped => vec![create.clone(), ignore.clone()],
        MappingStatus::Ignored => vec![create.clone(), notice.clone()],
    })
}

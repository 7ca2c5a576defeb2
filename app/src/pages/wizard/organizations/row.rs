use super::{page::Organizations, proposal::Proposal};
use crate::{
    layout::may,
    pages::wizard::{
        api::save_organization,
        current::required,
        saver::{Saved, Saver},
    },
    ui::{
        badge::{Badge, Tone},
        combobox::{ComboAction, ComboFuture, ComboOption, Combobox},
        number::{count, noun},
        toast::use_toasts,
    },
};
use domain::{
    ids::IntegrationId,
    mapping::{MappedBy, MappingStatus, OrganizationChoice, OrganizationRow},
    role::Role,
};
use leptos::prelude::*;

type OrganizationSaver = Saver<OrganizationRow, OrganizationChoice>;

/// One organization: its company is chosen in the row and saved at once.
#[component]
pub fn OrganizationTr(
    page: Organizations,
    row: OrganizationRow,
    search: Callback<String, ComboFuture>,
) -> impl IntoView {
    let (remote_id, name) = (row.remote_id.clone(), row.name.clone());
    let (description, missing) = (row.description.clone(), row.missing_since.is_some());
    let devices = row.device_count;
    let saver = saver(page, row);
    let status = Memo::new(move |_| saver.row.with(|r| r.status));
    view! {
        <tr
            class="max-md:flex max-md:flex-col max-md:gap-1.5 max-md:p-3"
            data-remote-id=remote_id
            data-status=move || status.get().as_str()
        >
            <th scope="row" class="align-top font-medium max-md:p-0">
                <span class="break-words">{name.clone()}</span>
                {missing.then(|| view! { " " <Badge tone=Tone::Warning label="Missing in NinjaOne" /> })}
                {description.map(|d| view! { <span class="block text-xs font-normal text-muted">{d}</span> })}
            </th>
            <td class="num align-top max-md:p-0 max-md:text-left">
                {count(devices)}
                <span class="md:sr-only">{noun(devices, " device", " devices")}</span>
            </td>
            <td class="align-top max-md:p-0">
                <CompanyCell saver name search />
            </td>
            <td class="align-top max-md:p-0">{move || status_badge(status.get(), saver.row.with(|r| r.mapped_by))}</td>
        </tr>
    }
}

/// A saver for this row that keeps the counts true and reloads the list when somebody else was first.
fn saver(page: Organizations, row: OrganizationRow) -> OrganizationSaver {
    let toasts = use_toasts();
    let save = move |row: &OrganizationRow, choice| {
        send(page.current.id.get_untracked(), row.remote_id.clone(), row.version, choice)
    };
    let on_saved = Callback::new(move |()| page.counts.refetch());
    let on_conflict = Callback::new(move |error: crate::error::AppError| {
        toasts.error(error.message());
        page.reload();
    });
    Saver::new(row, save, on_saved, on_conflict)
}

fn send(
    id: Option<IntegrationId>,
    remote_id: String,
    version: i64,
    choice: OrganizationChoice,
) -> Saved<OrganizationRow> {
    Box::pin(async move { save_organization(required(id)?, remote_id, choice, Some(version)).await })
}

/// The field that chooses the company, and the proposal of a pending row.
#[component]
fn CompanyCell(
    saver: OrganizationSaver,
    name: String,
    search: Callback<String, ComboFuture>,
) -> impl IntoView {
    let selected = Signal::derive(move || {
        let company = saver.row.with(|r| r.company.clone()).map(|c| (c.id.to_string(), c.name));
        match saver.pending_text() {
            Some(text) => Some((String::new(), text)),
            None => company,
        }
    });
    let on_select = Callback::new(move |option: ComboOption| {
        if let Ok(id) = option.id.parse() {
            saver.save(OrganizationChoice::Link(id), Some(option.text));
        }
    });
    let on_retry = Callback::new(move |()| saver.retry());
    let extra = actions(saver, &name);
    let suggestion = move || {
        let proposed =
            saver.row.with(|r| r.suggestion.clone().filter(|_| r.status == MappingStatus::Pending));
        proposed.map(|s| {
            let (id, text) = (s.company.id, s.company.name.clone());
            let on_accept =
                Callback::new(move |()| saver.save(OrganizationChoice::Link(id), Some(text.clone())));
            view! { <Proposal text=s.company.name confidence=s.confidence reasons=s.reasons on_accept /> }
        })
    };
    view! {
        <Combobox
            label=format!("Company for {name}")
            selected
            search
            on_select
            extra
            state=saver.state()
            on_retry
            disabled=!may(Role::Manage)
            placeholder="Choose a company…"
        />
        {suggestion}
    }
}

/// What can be done besides choosing a company, as the row stands.
fn actions(saver: OrganizationSaver, name: &str) -> Signal<Vec<ComboAction>> {
    let act = move |label: String, choice: OrganizationChoice, text: Option<String>| ComboAction {
        label,
        on_press: Callback::new(move |()| saver.save(choice.clone(), text.clone())),
    };
    let create = act(format!("Create company “{name}”"), OrganizationChoice::Create, Some(name.to_owned()));
    let ignore = act("Ignore this organization".to_owned(), OrganizationChoice::Ignore, None);
    let unmap = act("Unmap".to_owned(), OrganizationChoice::Unmap, None);
    let reject = act("Reject the proposal".to_owned(), OrganizationChoice::Unmap, None);
    let notice = act("Stop ignoring".to_owned(), OrganizationChoice::Unmap, None);
    Signal::derive(move || match saver.row.with(|r| r.status) {
        MappingStatus::Mapped => vec![unmap.clone(), ignore.clone()],
        MappingStatus::Pending => vec![create.clone(), reject.clone(), ignore.clone()],
        MappingStatus::Unmapped => vec![create.clone(), ignore.clone()],
        MappingStatus::Ignored => vec![create.clone(), notice.clone()],
    })
}

/// The status in words, with who mapped it.
pub fn status_badge(status: MappingStatus, by: Option<MappedBy>) -> impl IntoView {
    let (tone, label) = match status {
        MappingStatus::Mapped => (Tone::Success, "Mapped"),
        MappingStatus::Pending => (Tone::Warning, "Pending"),
        MappingStatus::Unmapped => (Tone::Neutral, "Unmapped"),
        MappingStatus::Ignored => (Tone::Neutral, "Ignored"),
    };
    let quick = status == MappingStatus::Mapped && by == Some(MappedBy::QuickMatch);
    view! {
        <Badge tone label />
        {quick.then(|| view! { <span class="block text-xs whitespace-nowrap text-muted">"by Quick Match"</span> })}
    }
}

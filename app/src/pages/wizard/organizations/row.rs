use super::page::Organizations;
use crate::{
    layout::may_manage,
    pages::wizard::{
        api::save_organization,
        current::required,
        matcher::{
            Made, Proposal, RowSaver, Second, SelectBox, actions, acts, go_on_from_focus, row_keys,
            row_saver, shown, taking,
        },
        saver::Saved,
    },
    ui::{
        badge::{Badge, Tone},
        combobox::{ComboFuture, ComboKeys, ComboOption, Combobox},
        number::{count, noun},
    },
};
use domain::{
    ids::IntegrationId,
    mapping::{MappingStatus, OrganizationChoice, OrganizationRow},
    permissions::Area,
};
use leptos::prelude::*;

type OrganizationSaver = RowSaver<OrganizationRow>;

/// One organization: its company is chosen in the row and saved at once. `ids` are the rows of the page.
#[component]
pub fn OrganizationTr(
    page: Organizations,
    row: OrganizationRow,
    ids: StoredValue<Vec<String>>,
    search: Callback<String, ComboFuture>,
) -> impl IntoView {
    let (remote_id, name) = (row.remote_id.clone(), row.name.clone());
    let (description, missing) = (row.description.clone(), row.missing_since.is_some());
    let (devices, hook) = (row.device_count, row.remote_id.clone());
    let saver = saver(page, row);
    let status = Memo::new(move |_| saver.row.with(|r| r.status));
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
                <span class="break-words">{name.clone()}</span>
                {missing.then(|| view! { " " <Badge tone=Tone::Warning label="Missing in NinjaOne" /> })}
                {description.map(|d| view! { <span class="block text-xs font-normal text-muted">{d}</span> })}
            </th>
            <td class="num align-top max-md:p-0 max-md:text-left">
                {count(devices)}
                <span class="md:sr-only">{noun(devices, " device", " devices")}</span>
            </td>
            <td class="align-top max-md:p-0">
                <CompanyCell page saver name search />
            </td>
            <td class="align-top max-md:p-0">{made}</td>
        </tr>
    }
}

fn saver(page: Organizations, row: OrganizationRow) -> OrganizationSaver {
    let save = move |row: &OrganizationRow, choice, confirm| {
        send(page.current.id.get_untracked(), row.remote_id.clone(), row.version, choice, confirm)
    };
    row_saver(page.matcher, row, save, move || page.counts.refetch())
}

fn send(
    id: Option<IntegrationId>,
    remote_id: String,
    version: i64,
    choice: OrganizationChoice,
    confirm: bool,
) -> Saved<OrganizationRow> {
    Box::pin(async move {
        save_organization(required(id)?, remote_id, choice, Some(version), Some(confirm)).await
    })
}

/// The field that chooses the company, and the proposal of a pending row.
#[component]
fn CompanyCell(
    page: Organizations,
    saver: OrganizationSaver,
    name: String,
    search: Callback<String, ComboFuture>,
) -> impl IntoView {
    let company = |r: &OrganizationRow| r.company.clone().map(|c| (c.id.to_string(), c.name));
    let selected = shown(saver, company);
    let on_select = Callback::new(move |option: ComboOption| {
        if let Ok(id) = option.id.parse() {
            saver.save(OrganizationChoice::Link(id), Some(option.text));
        }
    });
    let on_retry = Callback::new(move |()| saver.retry());
    let create = format!("Create company “{name}”");
    let extra = actions(saver, &name, create, "Ignore this organization");
    let keys = ComboKeys {
        closed: row_keys(page.matcher, page.help, acts(saver, name.clone())),
        chosen: Callback::new(move |()| go_on_from_focus(page.matcher)),
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
            disabled=!may_manage(Area::Mappings)
            placeholder="Choose a company…"
            keys
        />
        <Suggestion saver />
    }
}

/// The proposal of a pending row.
#[component]
fn Suggestion(saver: OrganizationSaver) -> impl IntoView {
    move || {
        let proposed =
            saver.row.with(|r| r.suggestion.clone().filter(|_| r.status == MappingStatus::Pending));
        proposed.map(|s| {
            let on_accept = taking(saver, s.company.id, s.company.name.clone());
            let second = s.runner_up.map(|second| Second {
                on_take: taking(saver, second.company.id, second.company.name.clone()),
                text: second.company.name,
                confidence: second.confidence,
            });
            view! { <Proposal text=s.company.name confidence=s.confidence reasons=s.reasons second on_accept /> }
        })
    }
}

use super::page::Organizations;
use crate::{
    layout::may,
    pages::wizard::{
        api::save_organization,
        current::required,
        matcher::{Made, Proposal, RowAct, Second, SelectBox, go_on_from_focus, row_keys},
        saver::{Hears, Saved, Saver},
    },
    ui::{
        badge::{Badge, Tone},
        combobox::{ComboAction, ComboFuture, ComboKeys, ComboOption, Combobox},
        number::{count, noun},
        toast::use_toasts,
    },
};
use domain::{
    ids::{CompanyId, IntegrationId},
    mapping::{MappingStatus, OrganizationChoice, OrganizationRow},
    role::Role,
};
use leptos::prelude::*;

type OrganizationSaver = Saver<OrganizationRow, OrganizationChoice>;

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

/// A saver for this row that keeps the counts true, offers the way back, asks what wants to be confirmed, and reloads the
/// list when somebody else was first.
fn saver(page: Organizations, row: OrganizationRow) -> OrganizationSaver {
    let toasts = use_toasts();
    let save = move |row: &OrganizationRow, choice, confirm| {
        send(page.current.id.get_untracked(), row.remote_id.clone(), row.version, choice, confirm)
    };
    let saved = Callback::new(move |row: OrganizationRow| {
        page.counts.refetch();
        page.matcher.saved(row.undo, told(&row));
    });
    let conflict = Callback::new(move |error: crate::error::AppError| {
        toasts.error(error.message());
        page.reload();
    });
    // Asked in the name of the saver that is made here.
    let asking = StoredValue::new(None::<OrganizationSaver>);
    let ask = Callback::new(move |question: String| {
        page.matcher.ask.ask(question, move || {
            if let Some(saver) = asking.try_get_value().flatten() {
                saver.confirm();
            }
        });
    });
    let saver = Saver::new(row, save, Hears { saved, conflict, ask });
    asking.set_value(Some(saver));
    saver
}

/// What was decided, in words.
fn told(row: &OrganizationRow) -> String {
    match (&row.company, row.status) {
        (Some(company), _) => format!("“{}” is mapped to “{}”.", row.name, company.name),
        (None, MappingStatus::Ignored) => format!("“{}” is ignored.", row.name),
        (None, _) => format!("“{}” is not mapped.", row.name),
    }
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
            disabled=!may(Role::Manage)
            placeholder="Choose a company…"
            keys
        />
        <Suggestion saver />
    }
}

/// The proposal of a pending row.
#[component]
fn Suggestion(saver: OrganizationSaver) -> impl IntoView {
    let take = move |id: CompanyId, text: String| {
        Callback::new(move |()| saver.save(OrganizationChoice::Link(id), Some(text.clone())))
    };
    move || {
        let proposed =
            saver.row.with(|r| r.suggestion.clone().filter(|_| r.status == MappingStatus::Pending));
        proposed.map(|s| {
            let on_accept = take(s.company.id, s.company.name.clone());
            let second = s.runner_up.map(|second| Second {
                on_take: take(second.company.id, second.company.name.clone()),
                text: second.company.name,
                confidence: second.confidence,
            });
            view! { <Proposal text=s.company.name confidence=s.confidence reasons=s.reasons second on_accept /> }
        })
    }
}

/// What keys ask of the row; says whether it could be done.
fn acts(saver: OrganizationSaver, name: String) -> Callback<RowAct, bool> {
    Callback::new(move |act: RowAct| {
        let Some((status, proposed)) = saver.row.try_with_untracked(|r| (r.status, r.suggestion.clone()))
        else {
            return false;
        };
        let (choice, text) = match (act, proposed) {
            (RowAct::Accept, Some(s)) if status == MappingStatus::Pending => {
                (OrganizationChoice::Link(s.company.id), Some(s.company.name))
            }
            (RowAct::Create, _) if status != MappingStatus::Mapped => {
                (OrganizationChoice::Create, Some(name.clone()))
            }
            (RowAct::Ignore, _) if status != MappingStatus::Ignored => (OrganizationChoice::Ignore, None),
            (RowAct::Unmap, _) if status != MappingStatus::Unmapped => (OrganizationChoice::Unmap, None),
            _ => return false,
        };
        saver.save(choice, text);
        true
    })
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

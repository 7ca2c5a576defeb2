use crate::{
    error::AppError,
    layout::{Way, may_manage},
    pages::{
        devices::{api::list_device_history, edit::EditUndo},
        runs::{FieldLine, run_path},
    },
    ui::{
        badge::{Badge, Tone},
        button::ActionButton,
        list::ListState,
        state::EmptyState,
        table::{Loaded, Pager},
        time::When,
    },
};
use domain::{
    device_edit::{HistoryEntry, HistoryKind},
    error::UserError,
    ids::DeviceId,
    page::Listing,
    permissions::Area,
};
use leptos::prelude::*;

/// What the section reads.
pub type History = Resource<Result<Listing<HistoryEntry>, AppError>>;

const PAGE: u32 = 20;

/// Reads the history of the device on this page.
pub fn read_history(id: Memo<Option<DeviceId>>, list: ListState) -> History {
    Resource::new(
        move || (id.get(), list.page_number()),
        |(id, page)| async move {
            let id = id.ok_or_else(|| UserError::not_found("device"))?;
            list_device_history(id, page, Some(PAGE)).await
        },
    )
}

/// Everything that happened to the device, newest first: who or which run, each field before and after.
#[component]
pub fn HistorySection(history: History, list: ListState, undo: EditUndo) -> impl IntoView {
    let show = move |found: Listing<HistoryEntry>| {
        match found.total {
        0 => view! { <EmptyState title="Nothing has happened yet" text="Edits, changes of syncs and imports appear here." icon="clock" /> }.into_any(),
        _ => {
            let entries = found.items.into_iter().map(|entry| view! { <Entry entry undo /> }).collect_view();
            view! {
                <ol class="divide-y divide-base-300 rounded-box border border-base-300 bg-base-100">{entries}</ol>
                <Pager list total=found.total page_size=found.page_size page=found.page />
            }
            .into_any()
        }
    }
    };
    view! {
        <section class="mt-4" aria-labelledby="history-title">
            <h2 id="history-title" class="mb-2 text-lg font-semibold">"History"</h2>
            <Loaded read=history rows=4 columns=3 show />
        </section>
    }
}

#[component]
fn Entry(entry: HistoryEntry, undo: EditUndo) -> impl IntoView {
    let fields = entry.fields.into_iter().map(|field| view! { <FieldLine field /> }).collect_view();
    let run = entry.run.map(|run| {
        view! { <Way class="link text-muted" href=run_path(run.integration_id, run.id)>{run.kind.label()}</Way> }
    });
    // The fields name it as it was called then.
    let other = entry.other.map(|other| {
        view! { <Way class="link wrap-anywhere" href=format!("/devices/{}", other.id)>{format!("Show {}", other.name)}</Way> }
    });
    let can_undo = !entry.undone
        && may_manage(Area::Devices)
        && matches!(
            entry.kind,
            HistoryKind::Edited | HistoryKind::Released | HistoryKind::Archived | HistoryKind::Restored
        );
    let button = entry.edit.filter(|_| can_undo).map(|id| {
        let on_press = Callback::new(move |()| undo.take_back(id));
        view! { <ActionButton label="Undo" on_press class="btn btn-xs" /> }
    });
    view! {
        <li class="flex flex-wrap items-start gap-x-3 gap-y-1 p-3 text-sm" data-kind=entry.kind.as_str()>
            <Badge tone=tone(entry.kind) label=entry.kind.label() />
            <span class="text-muted"><When time=entry.at /></span>
            {entry.by.map(|by| view! { <span>{by}</span> })}
            {run}
            {other}
            {entry.undone.then(|| view! { <span class="text-xs text-muted">"(undone)"</span> })}
            <span class="grow"></span>
            {button}
            <ul class="w-full min-w-0 text-xs wrap-anywhere">{fields}</ul>
        </li>
    }
}

fn tone(kind: HistoryKind) -> Tone {
    match kind {
        HistoryKind::Created
        | HistoryKind::Imported
        | HistoryKind::Linked
        | HistoryKind::Added
        | HistoryKind::Returned => Tone::Success,
        HistoryKind::Missing
        | HistoryKind::Decommissioned
        | HistoryKind::Detached
        | HistoryKind::Archived => Tone::Warning,
        HistoryKind::Undone | HistoryKind::Released | HistoryKind::Restored | HistoryKind::Unmerged => {
            Tone::Neutral
        }
        _ => Tone::Info,
    }
}

use super::api::list_company_history;
use crate::{
    error::AppError,
    layout::may_open,
    ui::{
        badge::Badge,
        list::ListState,
        table::{Loaded, Pager},
        time::When,
    },
};
use domain::{company_overview::CompanyEvent, error::UserError, ids::CompanyId, page::Listing};
use leptos::prelude::*;

/// Rows of a page.
const ROWS: u32 = 10;

/// What is read for [`CompanyHistory`].
pub type Events = Resource<Result<Listing<CompanyEvent>, AppError>>;

/// Reads what happened to the company with that id.
pub fn read_events(company: Memo<Option<CompanyId>>, list: ListState) -> Events {
    Resource::new(
        move || (company.get(), list.page_number()),
        |(company, page)| async move {
            match company {
                Some(id) => list_company_history(page, Some(ROWS), id).await,
                None => Err(UserError::not_found("company").into()),
            }
        },
    )
}

/// What happened to a company: who created it, edits, mappings, archive, merges. New locations and what becomes of them come with it.
#[component]
pub fn CompanyHistory(events: Events, list: ListState) -> impl IntoView {
    let show = move |found: Listing<CompanyEvent>| {
        if found.total == 0 {
            return view! { <p class="text-sm text-muted">"Nothing yet."</p> }.into_any();
        }
        view! {
            <EventList events=found.items mapping="organizations" />
            {(found.total > i64::from(found.page_size))
                .then(|| view! { <Pager list total=found.total page_size=found.page_size page=found.page /> })}
        }
        .into_any()
    };
    view! {
        <section class="card mt-6 bg-base-100" aria-labelledby="company-history">
            <div class="card-body gap-2 p-4">
                <h2 id="company-history" class="text-lg font-semibold">"History"</h2>
                <Loaded read=events rows=3 columns=2 show />
            </div>
        </section>
    }
}

/// Events, newest first; `mapping` is the step of the wizard that decided about them.
#[component]
pub fn EventList(events: Vec<CompanyEvent>, mapping: &'static str) -> impl IntoView {
    let rows = events.into_iter().map(|event| view! { <Event event mapping /> }).collect_view();
    view! { <ul class="divide-y divide-base-300">{rows}</ul> }
}

#[component]
fn Event(event: CompanyEvent, mapping: &'static str) -> impl IntoView {
    let other = event
        .other
        .map(|id| view! { <a class="link" href=format!("/companies/{id}")>"Open the other company"</a> });
    let mapping = event.integration_id.map(|id| format!("/integrations/{id}/{mapping}"));
    let mapping =
        mapping.filter(|href| may_open(href)).map(|href| view! { <a class="link" href=href>"Mappings"</a> });
    view! {
        <li class="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-2 text-sm" data-event=event.kind.as_str()>
            <Badge tone=crate::ui::badge::Tone::Neutral label=event.kind.label() />
            <span class="min-w-0 flex-1 basis-60 break-words">{event.text}</span>
            <span class="flex flex-wrap gap-x-3 text-xs text-muted">
                {event.by} <When time=event.at /> {mapping} {other}
            </span>
        </li>
    }
}

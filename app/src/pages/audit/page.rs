use super::{
    api::list_audit,
    check::ChainCheck,
    filters::{AuditFilters, FILTERS, KNOWN},
    row::EventTr,
};
use crate::{
    layout::PageHead,
    ui::{
        icon::Icon,
        known::IfKnown,
        list::ListState,
        state::EmptyState,
        table::{Loaded, Pager},
    },
};
use domain::{audit::AuditEvent, page::Listing};
use leptos::prelude::*;

/// The audit log, newest first.
#[component]
pub fn AuditPage() -> impl IntoView {
    let list = ListState::from_url();
    let [action, user, kind, from, to] = FILTERS.map(|key| list.get(key));
    let events = Resource::new(
        move || {
            let days = (from.get(), to.get());
            (list.page_number(), list.search_text(), action.get(), user.get(), kind.get(), days)
        },
        |(page, search, action, user, kind, (from, to))| async move {
            let (action, user) = (action.and_then(|a| a.parse().ok()), user.and_then(|u| u.parse().ok()));
            list_audit(page, None, search, action, user, kind.and_then(|k| k.parse().ok()), from, to).await
        },
    );
    let show = move |found: Listing<AuditEvent>| match found.total {
        0 => view! { <NoEvents list /> }.into_any(),
        _ => view! { <Events list found /> }.into_any(),
    };
    let export = move || format!("/api/v1/audit/export.csv?{}", list.query());
    view! {
        <PageHead
            title="Audit log"
            text="Who did what, when and from where. Events are never changed; each is sealed with the one before it, so that tampering shows."
        >
            <a class="btn btn-sm" href=export download rel="external">
                <Icon name="download" />
                "Export CSV"
            </a>
        </PageHead>
        <ChainCheck />
        <AuditFilters list />
        <div class="mt-3">
            <IfKnown list known=KNOWN>
                <Loaded read=events rows=10 columns=5 show />
            </IfKnown>
        </div>
    }
}

/// Why there is no event to show.
#[component]
fn NoEvents(list: ListState) -> impl IntoView {
    if untrack(|| list.is_narrowed(&FILTERS)) {
        return view! {
            <EmptyState title="No event fits" text="Nothing in the log fits the search and the filters." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all events"</a>
            </EmptyState>
        }
        .into_any();
    }
    view! { <EmptyState title="No events yet" text="What people do in this portal is listed here." icon="clock" /> }
        .into_any()
}

#[component]
fn Events(list: ListState, found: Listing<AuditEvent>) -> impl IntoView {
    let rows = found.items.into_iter().map(|event| view! { <EventTr list event /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100 md:overflow-x-auto" role="region" aria-label="Events" tabindex="0">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Events"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Time"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"To what"</th>
                        <th scope="col" class="w-1/3">"Details"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

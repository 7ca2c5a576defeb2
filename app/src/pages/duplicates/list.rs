use super::{
    api::{count_duplicates, list_duplicates},
    row::PairTr,
};
use crate::{
    layout::PageHead,
    ui::{
        filter_tabs::{FilterTab, FilterTabs},
        known::{IfKnown, Known},
        list::ListState,
        state::EmptyState,
        table::{Loaded, Pager, SearchBox, SortHeader},
    },
};
use domain::{
    duplicates::{DuplicateCounts, DuplicatePair, DuplicateState},
    ids::CompanyId,
    page::Listing,
};
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] =
    &[Known::of::<DuplicateState>("state", "a state"), Known::of::<CompanyId>("company", "a company")];

/// Pairs of devices that look like one machine.
#[component]
pub fn DuplicatesPage() -> impl IntoView {
    let list = ListState::from_url();
    let (state, company) = (list.get("state"), list.get("company"));
    let pairs = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get(), state.get(), company.get()),
        |(page, search, sort, state, company)| async move {
            let state = state.and_then(|s| s.parse::<DuplicateState>().ok());
            list_duplicates(page, None, search, sort, state, company.and_then(|c| c.parse().ok())).await
        },
    );
    let counts = Resource::new(|| (), |()| count_duplicates());
    let show = move |found: Listing<DuplicatePair>| match found.total {
        0 => view! { <NoPairs list /> }.into_any(),
        _ => view! { <Pairs list found /> }.into_any(),
    };
    view! {
        <PageHead
            title="Duplicates"
            text="Devices of one company that look like one machine. Nothing is merged until somebody says so."
        />
        <div class="mb-3 flex flex-col gap-2">
            <Transition fallback=move || view! { <FilterTabs list name="state" label="Filter by state" tabs=tabs(None) /> }>
                {move || Suspend::new(async move {
                    let tabs = tabs(counts.await.ok());
                    view! { <FilterTabs list name="state" label="Filter by state" tabs /> }
                })}
            </Transition>
            <SearchBox list label="Search duplicates" />
            {move || {
                company
                    .get()
                    .map(|_| {
                        view! {
                            <p class="text-sm">
                                "Only pairs of one company. " <a class="link" href="/duplicates">"Show those of all companies"</a>
                            </p>
                        }
                    })
            }}
        </div>
        <IfKnown list known=KNOWN>
            <Loaded read=pairs rows=6 columns=4 show />
        </IfKnown>
    }
}

fn tabs(counts: Option<DuplicateCounts>) -> Vec<FilterTab> {
    vec![
        FilterTab::new(None, "To decide", counts.map(|c| c.open)),
        FilterTab::new(Some("not_same"), "Not the same", counts.map(|c| c.not_same)),
        FilterTab::new(Some("merged"), "Merged", counts.map(|c| c.merged)),
    ]
}

#[component]
fn Pairs(list: ListState, found: Listing<DuplicatePair>) -> impl IntoView {
    let rows = found.items.into_iter().map(|pair| view! { <PairTr pair /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Duplicates"</caption>
                <thead>
                    <tr>
                        <SortHeader list field="name" label="Devices" />
                        <SortHeader list field="company" label="Company" />
                        <SortHeader list field="confidence" label="Why" />
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

/// Why there is no pair to show.
#[component]
fn NoPairs(list: ListState) -> impl IntoView {
    if untrack(|| list.is_narrowed(&["company"])) {
        return view! {
            <EmptyState title="No pair fits" text="Nothing fits the search." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all"</a>
            </EmptyState>
        }
        .into_any();
    }
    let (title, text) = match list.get("state").get_untracked().as_deref() {
        Some("merged") => {
            ("Nothing is merged", "Devices that were merged are listed here, with the way back.")
        }
        Some("not_same") => {
            ("Nothing was told apart", "Pairs that somebody said are two machines are listed here.")
        }
        _ => (
            "No duplicates",
            "No two devices of a company share a serial number, a MAC address or a hostname. This is looked at after each sync and import.",
        ),
    };
    view! { <EmptyState title text icon="check-circle" /> }.into_any()
}

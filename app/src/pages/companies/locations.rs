use super::{api::list_locations, location_row::LocationRow, location_tools::LocationTools};
use crate::{
    error::AppError,
    layout::may_manage,
    ui::{
        icon::Icon,
        known::{IfKnown, Known},
        list::ListState,
        pending::{Pending, Reloading},
        state::{EmptyState, ErrorBox},
        table::{FilterLinks, Pager, SearchBox, SortHeader, TableBox, TableSkeleton},
    },
};
use domain::{company::Location, error::UserError, ids::CompanyId, page::Listing, permissions::Area};
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] = &[Known::switch("archived")];

/// What the URL says about the list, and the locations themselves.
#[derive(Clone, Copy)]
pub struct LocationsState {
    list: ListState,
    locations: Resource<Result<Listing<Location>, AppError>>,
    pending: Pending,
    pub tools: LocationTools,
}

impl LocationsState {
    /// The locations of the company with that id; an error while there is none.
    pub fn new(company: Memo<Option<CompanyId>>) -> Self {
        let list = ListState::from_url();
        let archived = list.is_on("archived");
        let asked = move || (list.page_number(), list.search_text(), list.sort.get(), archived.get());
        let locations = Resource::new(
            move || (company.get(), asked()),
            |(company, (page, search, sort, archived))| async move {
                match company {
                    Some(id) => list_locations(page, None, search, sort, Some(id), Some(archived)).await,
                    None => Err(UserError::not_found("company").into()),
                }
            },
        );
        let tools = LocationTools::new(company, Callback::new(move |()| locations.refetch()));
        Self { list, locations, pending: Pending::new(), tools }
    }
}

/// The PSA locations of a company: search, sort, paging, create, edit, archive.
#[component]
pub fn LocationsSection(state: LocationsState) -> impl IntoView {
    let LocationsState { list, locations, pending, tools } = state;
    let loading = Signal::derive(move || pending.is_on());
    view! {
        <section aria-label="Locations">
            <div class="mb-3 flex flex-wrap items-center justify-between gap-2">
                <h2 class="text-lg font-semibold">"Locations"</h2>
                {may_manage(Area::Companies).then(|| view! { <NewButton tools /> })}
            </div>
            <div class="mb-3 flex flex-wrap items-center justify-between gap-2">
                <SearchBox list label="Search locations" />
                <FilterLinks
                    list
                    key="archived"
                    label="Show"
                    options=vec![(None, "Active".to_owned()), (Some("1"), "Archived".to_owned())]
                />
            </div>
            <IfKnown list known=KNOWN>
                <Reloading pending fallback=|| view! { <TableSkeleton rows=3 columns=3 /> }>
                    {move || Suspend::new(async move {
                        match locations.await {
                            Ok(found) => view! { <Locations list found loading tools /> }.into_any(),
                            Err(error) => view! { <ErrorBox error retry=tools.changed /> }.into_any(),
                        }
                    })}
                </Reloading>
            </IfKnown>
        </section>
    }
}

#[component]
fn NewButton(tools: LocationTools) -> impl IntoView {
    view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| tools.dialog.show(None)>
            <Icon name="plus" />
            "New location"
        </button>
    }
}

#[component]
fn Locations(
    list: ListState,
    found: Listing<Location>,
    loading: Signal<bool>,
    tools: LocationTools,
) -> impl IntoView {
    if found.total == 0 {
        return view! { <NoLocations list tools /> }.into_any();
    }
    let rows =
        found.items.into_iter().map(|location| view! { <LocationRow location tools /> }).collect_view();
    view! {
        <TableBox busy=loading>
            <table class="table table-sm">
                <thead>
                    <tr>
                        <SortHeader list field="name" label="Name" default=true />
                        <th scope="col" class="max-sm:hidden">"Address"</th>
                        <th scope="col" class="max-lg:hidden">"PSA reference"</th>
                        <SortHeader list field="device_count" label="Devices" class="num" />
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
    .into_any()
}

#[component]
fn NoLocations(list: ListState, tools: LocationTools) -> impl IntoView {
    if untrack(|| list.is_narrowed(&["archived"])) {
        return view! {
            <EmptyState title="No location fits" text="Search for something else, or show all active locations." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all"</a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            title="No locations yet"
            text="Locations are the sites of this company. With them, devices are assigned to the right site."
            icon="pin"
        >
            {may_manage(Area::Companies).then(|| view! { <NewButton tools /> })}
        </EmptyState>
    }
    .into_any()
}

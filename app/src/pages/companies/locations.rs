use super::{api::list_locations, location_form::LocationDialog, location_row::LocationRow};
use crate::{
    error::AppError,
    layout::may,
    ui::{
        icon::Icon,
        list::ListState,
        state::{EmptyState, ErrorBox},
        table::{FilterLinks, Pager, SearchBox, SortHeader, TableBox, TableSkeleton},
    },
};
use domain::{company::Location, error::UserError, ids::CompanyId, page::Listing, role::Role};
use leptos::prelude::*;

/// Which location the dialog edits; `None` makes a new one of the company.
#[derive(Clone, Copy)]
pub struct LocationDialogState {
    pub open: RwSignal<bool>,
    pub company: CompanyId,
    pub location: RwSignal<Option<Location>>,
}

impl LocationDialogState {
    /// Opens it for a location or a new one.
    pub fn show(self, location: Option<Location>) {
        self.location.set(location);
        self.open.set(true);
    }
}

/// What the URL says about the list, and the locations themselves.
#[derive(Clone, Copy)]
pub struct LocationsState {
    list: ListState,
    locations: Resource<Result<Listing<Location>, AppError>>,
}

impl LocationsState {
    /// The locations of the company with that id; an error while there is none.
    pub fn new(company: Memo<Option<CompanyId>>) -> Self {
        let list = ListState::from_url();
        let archived = list.get("archived");
        let asked =
            move || (list.page_number(), list.search_text(), list.sort.get(), archived.get().is_some());
        let locations = Resource::new(
            move || (company.get(), asked()),
            |(company, (page, search, sort, archived))| async move {
                match company {
                    Some(id) => list_locations(page, None, search, sort, Some(id), Some(archived)).await,
                    None => Err(UserError::not_found("company").into()),
                }
            },
        );
        Self { list, locations }
    }
}

/// The PSA locations of a company: search, sort, paging, create, edit, archive.
#[component]
pub fn LocationsSection(company: CompanyId, state: LocationsState) -> impl IntoView {
    let LocationsState { list, locations } = state;
    let loading = RwSignal::new(false);
    let dialog = LocationDialogState { open: RwSignal::new(false), company, location: RwSignal::new(None) };
    let changed = Callback::new(move |()| locations.refetch());
    view! {
        <section aria-label="Locations">
            <div class="mb-3 flex flex-wrap items-center justify-between gap-2">
                <h2 class="text-lg font-semibold">"Locations"</h2>
                {may(Role::Manage).then(|| view! { <NewButton dialog /> })}
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
            <Transition fallback=|| view! { <TableSkeleton rows=3 columns=3 /> } set_pending=loading>
                {move || Suspend::new(async move {
                    match locations.await {
                        Ok(found) => view! { <Locations list found loading dialog changed /> }.into_any(),
                        Err(error) => view! { <ErrorBox error retry=changed /> }.into_any(),
                    }
                })}
            </Transition>
            <LocationDialog state=dialog on_saved=changed />
        </section>
    }
}

#[component]
fn NewButton(dialog: LocationDialogState) -> impl IntoView {
    view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| dialog.show(None)>
            <Icon name="plus" />
            "New location"
        </button>
    }
}

#[component]
fn Locations(
    list: ListState,
    found: Listing<Location>,
    #[prop(into)] loading: Signal<bool>,
    dialog: LocationDialogState,
    changed: Callback<()>,
) -> impl IntoView {
    if found.total == 0 {
        return view! { <NoLocations list dialog /> }.into_any();
    }
    let rows = found
        .items
        .into_iter()
        .map(|location| view! { <LocationRow location dialog changed /> })
        .collect_view();
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
fn NoLocations(list: ListState, dialog: LocationDialogState) -> impl IntoView {
    if list.is_narrowed(&["archived"]) {
        return view! {
            <EmptyState title="No location fits" text="Search for something else, or show all active locations." icon="search">
                <a class="btn btn-sm" href=list.path()>"Show all"</a>
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
            {may(Role::Manage).then(|| view! { <NewButton dialog /> })}
        </EmptyState>
    }
    .into_any()
}

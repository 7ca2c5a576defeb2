use super::{
    api::list_companies,
    company_form::CompanyDialog,
    row::CompanyRow,
    tools::{CompanyDialogState, CompanyTools},
};
use crate::{
    layout::{PageHead, may_manage},
    ui::{
        icon::Icon,
        known::{IfKnown, Known},
        list::ListState,
        pending::{Pending, Reloading},
        state::{EmptyState, ErrorBox},
        table::{FilterLinks, Pager, SearchBox, SortHeader, TableBox, TableSkeleton},
    },
};
use domain::{company::Company, page::Listing, permissions::Area};
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] = &[Known::switch("archived")];

/// All companies: search, sort, paging, active or archived ones; new ones by hand or from a file.
#[component]
pub fn CompaniesPage() -> impl IntoView {
    let list = ListState::from_url();
    let archived = list.is_on("archived");
    let companies = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get(), archived.get()),
        |(page, search, sort, archived)| list_companies(page, None, search, sort, Some(archived)),
    );
    let pending = Pending::new();
    // Made here: the rows are still shown when the next ones are on their way and their own signals are gone.
    let loading = Signal::derive(move || pending.is_on());
    let changed = Callback::new(move |()| companies.refetch());
    let tools = CompanyTools::new(changed);
    let dialog = tools.dialog;
    view! {
        <PageHead title="Companies" text="The clients you look after. Organizations are mapped to them.">
            {may_manage(Area::Companies).then(|| view! { <NewButtons dialog /> })}
        </PageHead>
        <div class="mb-3 flex flex-wrap items-center justify-between gap-2">
            <SearchBox list label="Search companies" />
            <FilterLinks
                list
                key="archived"
                label="Show"
                options=vec![(None, "Active".to_owned()), (Some("1"), "Archived".to_owned())]
            />
        </div>
        <IfKnown list known=KNOWN>
            <Reloading pending fallback=|| view! { <TableSkeleton columns=5 /> }>
                {move || Suspend::new(async move {
                    match companies.await {
                        Ok(found) => view! { <Companies list found loading tools /> }.into_any(),
                        Err(error) => view! { <ErrorBox error retry=changed /> }.into_any(),
                    }
                })}
            </Reloading>
        </IfKnown>
        <CompanyDialog state=dialog on_saved=changed />
    }
}

#[component]
fn NewButtons(dialog: CompanyDialogState) -> impl IntoView {
    view! {
        <a href="/companies/import" class="btn btn-sm">
            <Icon name="upload" />
            "Import CSV"
        </a>
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| dialog.show(None)>
            <Icon name="plus" />
            "New company"
        </button>
    }
}

/// The rows found, or what to do when there are none.
#[component]
fn Companies(
    list: ListState,
    found: Listing<Company>,
    #[prop(into)] loading: Signal<bool>,
    tools: CompanyTools,
) -> impl IntoView {
    if found.total == 0 {
        return view! { <NoCompanies list dialog=tools.dialog /> }.into_any();
    }
    let rows = found.items.into_iter().map(|company| view! { <CompanyRow company tools /> }).collect_view();
    view! {
        <TableBox busy=loading>
            <table class="table table-sm">
                <thead>
                    <tr>
                        <SortHeader list field="name" label="Name" default=true />
                        <SortHeader list field="domain" label="Domain" class="max-sm:hidden" />
                        <SortHeader list field="location_count" label="Locations" class="num max-sm:hidden" />
                        <SortHeader list field="device_count" label="Devices" class="num" />
                        <SortHeader list field="updated_at" label="Changed" class="max-lg:hidden" />
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

/// Why the list is empty, and the next step.
#[component]
fn NoCompanies(list: ListState, dialog: CompanyDialogState) -> impl IntoView {
    if untrack(|| list.is_narrowed(&["archived"])) {
        return view! {
            <EmptyState title="No company fits" text="Search for something else, or show all active companies." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all"</a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            title="No companies yet"
            text="Companies are what organizations are mapped to. Import them from a CSV file of your PSA, or enter the first one."
            icon="building"
        >
            {may_manage(Area::Companies).then(|| view! { <NewButtons dialog /> })}
        </EmptyState>
    }
    .into_any()
}

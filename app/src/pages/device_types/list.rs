use super::{api::list_device_types, form::DeviceTypeDialog, row::DeviceTypeRow, tools::DeviceTypeTools};
use crate::{
    layout::{PageHead, is_limited, may_manage},
    ui::{
        icon::Icon,
        known::{IfKnown, Known},
        list::ListState,
        pending::{Pending, Reloading},
        state::{EmptyState, ErrorBox},
        table::{FilterLinks, Pager, SearchBox, SortHeader, TableBox, TableSkeleton},
    },
};
use domain::{company::DeviceType, page::Listing, permissions::Area};
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] = &[Known::switch("archived")];

/// All device types: search, sort, create, rename, archive.
#[component]
pub fn DeviceTypesPage() -> impl IntoView {
    let list = ListState::from_url();
    let archived = list.is_on("archived");
    let types = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get(), archived.get()),
        |(page, search, sort, archived)| list_device_types(page, None, search, sort, Some(archived)),
    );
    let pending = Pending::new();
    // Made here: the rows are still shown when the next ones are on their way and their own signals are gone.
    let loading = Signal::derive(move || pending.is_on());
    let changed = Callback::new(move |()| types.refetch());
    let tools = DeviceTypeTools::new(changed);
    view! {
        <PageHead title="Device types" text="The kinds of device in your inventory. Node classes are mapped to them.">
            {(may_manage(Area::Devices) && !is_limited()).then(|| view! { <NewButton tools /> })}
        </PageHead>
        <div class="mb-3 flex flex-wrap items-center justify-between gap-2">
            <SearchBox list label="Search device types" />
            <FilterLinks
                list
                key="archived"
                label="Show"
                options=vec![(None, "Active".to_owned()), (Some("1"), "Archived".to_owned())]
            />
        </div>
        <IfKnown list known=KNOWN>
            <Reloading pending fallback=|| view! { <TableSkeleton columns=2 /> }>
                {move || Suspend::new(async move {
                    match types.await {
                        Ok(found) => view! { <DeviceTypes list found loading tools /> }.into_any(),
                        Err(error) => view! { <ErrorBox error retry=changed /> }.into_any(),
                    }
                })}
            </Reloading>
        </IfKnown>
        <DeviceTypeDialog state=tools.dialog on_saved=changed />
    }
}

#[component]
fn NewButton(tools: DeviceTypeTools) -> impl IntoView {
    view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| tools.dialog.show(None)>
            <Icon name="plus" />
            "New device type"
        </button>
    }
}

#[component]
fn DeviceTypes(
    list: ListState,
    found: Listing<DeviceType>,
    #[prop(into)] loading: Signal<bool>,
    tools: DeviceTypeTools,
) -> impl IntoView {
    if found.total == 0 {
        return view! {
            <EmptyState title="No device type fits" text="Search for something else, or show all active device types." icon="tag">
                <a class="btn btn-sm" href=move || list.path()>"Show all"</a>
            </EmptyState>
        }
        .into_any();
    }
    let rows = found
        .items
        .into_iter()
        .map(|device_type| view! { <DeviceTypeRow device_type tools /> })
        .collect_view();
    view! {
        <TableBox busy=loading>
            <table class="table table-sm">
                <thead>
                    <tr>
                        <SortHeader list field="name" label="Name" default=true />
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

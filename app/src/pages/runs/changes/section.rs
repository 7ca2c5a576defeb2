use super::{filters::ChangeFilters, table::ChangesTable};
use crate::{
    pages::runs::paths::csv_path,
    ui::{icon::Icon, list::ListState, state::EmptyState, table::Pager},
};
use domain::{
    ids::RunId,
    page::Listing,
    run::{Change, ChangeCount},
};
use leptos::prelude::*;

/// What a run changed, row by row, with filters and a file of it.
#[component]
pub fn Changes(
    id: Memo<Option<RunId>>,
    list: ListState,
    found: Listing<Change>,
    counts: Vec<ChangeCount>,
    active: bool,
) -> impl IntoView {
    if counts.is_empty() {
        let (title, text) = if active {
            ("Nothing changed so far", "What this run changes is shown here when it has ended.")
        } else {
            ("Nothing changed", "Everything that was read is as it was before.")
        };
        return view! { <EmptyState title text icon="check-circle" /> }.into_any();
    }
    let (total, page_size, page) = (found.total, found.page_size, found.page);
    let rows = if total == 0 {
        view! {
            <EmptyState title="No change matches" text="Nothing that this run changed fits the search and the filters chosen." icon="search">
                <a class="btn btn-sm" href=move || list.path() data-noscroll>"Show all changes"</a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <ChangesTable caption="Rows that this run changed" changes=found.items />
            <Pager list total page_size page />
        }
        .into_any()
    };
    view! {
        <ChangeFilters list counts>{(total > 0).then(|| view! { <Export id list /> })}</ChangeFilters>
        <div class="mt-2">{rows}</div>
    }
    .into_any()
}

/// The link to all rows under the filters as a file.
#[component]
fn Export(id: Memo<Option<RunId>>, list: ListState) -> impl IntoView {
    let [entity, change] = ["entity", "change"].map(|key| list.get(key));
    let href = move || {
        let search = list.search_text();
        id.get().map(|id| csv_path(id, entity.get().as_deref(), change.get().as_deref(), search.as_deref()))
    };
    view! {
        <a class="btn btn-sm" href=href rel="external" download>
            <Icon name="download" />
            "Export these changes (CSV)"
        </a>
    }
}

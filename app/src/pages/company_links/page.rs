use super::{
    api::{count_company_links, list_company_links},
    table::LinksTable,
};
use crate::{
    error::AppError,
    layout::{BackLink, PageHead},
    pages::{
        integrations::api::list_integrations,
        wizard::{Ask, AskDialog, Undo},
    },
    ui::{
        filter_tabs::{FilterTab, FilterTabs},
        known::{IfKnown, Known},
        list::ListState,
        table::{Loaded, SearchBox},
    },
};
use domain::{
    company_links::{CompanyLinkCounts, CompanyLinks},
    ids::IntegrationId,
    integration::Integration,
    page::Listing,
};
use futures::try_join;
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] =
    &[Known::switch("missing"), Known::of::<IntegrationId>("integration", "an integration")];

/// The rows of a page of the grid, and its columns.
pub type Found = (Listing<CompanyLinks>, Vec<Integration>);

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Links {
    pub list: ListState,
    pub rows: Resource<Result<Found, AppError>>,
    pub counts: Resource<Result<CompanyLinkCounts, AppError>>,
    pub ask: Ask,
    pub undo: Undo,
    reload: Callback<()>,
}

impl Links {
    fn from_url() -> Self {
        let list = ListState::from_url();
        let (missing, integration) = (list.is_on("missing"), list.get("integration"));
        let query = move || {
            (
                list.page_number(),
                list.search_text(),
                list.sort.get(),
                missing.get(),
                integration.get().and_then(|id| id.parse::<IntegrationId>().ok()),
            )
        };
        // Read together: a server sends neither without the other.
        let rows = Resource::new(query, |(page, search, sort, missing, integration)| async move {
            let rows = list_company_links(page, None, search, sort, Some(missing), integration);
            let (rows, columns) = try_join!(rows, list_integrations())?;
            Ok((rows, columns.items))
        });
        let counts = Resource::new(move || list.search_text(), count_company_links);
        let reload = Callback::new(move |()| {
            rows.refetch();
            counts.refetch();
        });
        let ask = Ask::new();
        let undo = Undo::new(ask, RwSignal::new(None), reload);
        Self { list, rows, counts, ask, undo, reload }
    }

    /// Reads rows and counts again.
    pub fn reload(self) {
        _ = self.reload.try_run(());
    }
}

/// Every company beside its organization in each integration; what is missing is linked here.
#[component]
pub fn CompanyLinksPage() -> impl IntoView {
    let page = Links::from_url();
    let retry = Callback::new(move |()| page.reload());
    let show = move |found: Found| view! { <LinksTable page found /> }.into_any();
    view! {
        <BackLink href="/settings/integrations" label="Integrations" />
        <PageHead
            title="Companies and organizations"
            text="Each company beside the organization that it is in every integration. Choose in a cell to link, swap or unlink; it is saved at once."
        />
        <div class="mb-3 flex flex-wrap items-center gap-3">
            <SearchBox list=page.list label="Search companies and organizations" />
            <Transition fallback=move || view! { <Tabs page counts=None /> }>
                {move || Suspend::new(async move {
                    let counts = page.counts.await.ok();
                    view! { <Tabs page counts /> }
                })}
            </Transition>
        </div>
        <IfKnown list=page.list known=KNOWN>
            <Loaded read=page.rows rows=8 columns=3 show retry />
        </IfKnown>
        <AskDialog ask=page.ask />
    }
}

#[component]
fn Tabs(page: Links, counts: Option<CompanyLinkCounts>) -> impl IntoView {
    let tabs = vec![
        FilterTab::new(None, "All", counts.map(|c| c.all)),
        FilterTab::new(Some("1"), "Missing", counts.map(|c| c.missing)),
    ];
    view! { <FilterTabs list=page.list name="missing" label="Filter by what is missing" tabs /> }
}

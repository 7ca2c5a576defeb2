use super::{table::LocationsTable, toolbar::Toolbar};
use crate::{
    error::AppError,
    pages::wizard::{
        api::{count_remote_locations, list_remote_locations},
        current::{Current, required},
        frame::WizardFrame,
        quick_match::QuickMatchSummary,
        run_section::RunSection,
    },
    ui::list::ListState,
};
use domain::{
    mapping::{QuickMatchResult, RemoteLocationRow, StatusCounts},
    page::Listing,
    run::{Run, RunKind},
    wizard::Step,
};
use leptos::prelude::*;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Locations {
    pub current: Current,
    pub list: ListState,
    pub rows: Resource<Result<Listing<RemoteLocationRow>, AppError>>,
    pub counts: Resource<Result<StatusCounts, AppError>>,
    /// The run started here.
    pub known: RwSignal<Option<Run>>,
    pub matched: RwSignal<Option<QuickMatchResult>>,
}

impl Locations {
    fn from_url() -> Self {
        let (current, list) = (Current::from_url(), ListState::from_url());
        let (status, organization) = (list.get("status"), list.get("organization"));
        let query = move || {
            (
                current.id.get(),
                list.page_number(),
                list.search_text(),
                list.sort.get(),
                status.get(),
                organization.get(),
            )
        };
        let rows = Resource::new(query, |(id, page, search, sort, status, organization)| async move {
            let status = status.and_then(|s| s.parse().ok());
            list_remote_locations(page, None, search, sort, required(id)?, status, organization).await
        });
        let counted = move || (current.id.get(), list.search_text());
        let counts = Resource::new(counted, |(id, search)| async move {
            count_remote_locations(required(id)?, search).await
        });
        Self { current, list, rows, counts, known: RwSignal::new(None), matched: RwSignal::new(None) }
    }

    /// Reads rows and counts again.
    pub fn reload(self) {
        self.rows.refetch();
        self.counts.refetch();
    }
}

/// Step 3, optional: each remote location is mapped to a location of its organization's company.
#[component]
pub fn LocationsPage() -> impl IntoView {
    let page = Locations::from_url();
    let on_end = Callback::new(move |()| page.reload());
    view! {
        <WizardFrame
            step=Step::Locations
            current=page.current
            text="Say which site of the company each NinjaOne location is, so that devices arrive at the right site. This step is optional."
        >
            <RunSection current=page.current known=page.known kind=RunKind::Organizations on_end />
            <Toolbar page />
            <QuickMatchSummary result=page.matched one="location" many="locations" />
            <LocationsTable page />
        </WizardFrame>
    }
}

use super::{table::LocationsTable, toolbar::Toolbar};
use crate::{
    error::AppError,
    pages::wizard::{
        api::{count_remote_locations, list_remote_locations},
        current::{Current, required},
        frame::WizardFrame,
        matcher::{AskDialog, Matcher, MatcherParts, QuickMatchResult},
        run_section::RunSection,
    },
    ui::{
        known::{IfKnown, Known},
        list::ListState,
    },
};
use domain::{
    decision::MappingSubject,
    mapping::{MappingStatus, RemoteLocationRow, StatusCounts},
    page::Listing,
    run::{Run, RunKind},
    wizard::Step,
};
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] = &[Known::of::<MappingStatus>("status", "a status")];

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Locations {
    pub current: Current,
    pub list: ListState,
    pub rows: Resource<Result<Listing<RemoteLocationRow>, AppError>>,
    pub counts: Resource<Result<StatusCounts, AppError>>,
    /// The run started here.
    pub known: RwSignal<Option<Run>>,
    pub matcher: Matcher,
    /// Whether the keys are shown.
    pub help: RwSignal<bool>,
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
        let counted = move || (current.id.get(), list.search_text(), organization.get());
        let counts = Resource::new(counted, |(id, search, organization)| async move {
            count_remote_locations(required(id)?, search, organization).await
        });
        let reload = Callback::new(move |()| {
            rows.refetch();
            counts.refetch();
        });
        let words = ("location", "locations");
        let subject = MappingSubject::Location;
        let matcher = Matcher::new(MatcherParts { subject, words, current, list, reload });
        let (known, help) = (RwSignal::new(None), RwSignal::new(false));
        Self { current, list, rows, counts, known, matcher, help }
    }

    /// Reads rows and counts again.
    pub fn reload(self) {
        self.matcher.reload();
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
            <QuickMatchResult matcher=page.matcher />
            <IfKnown list=page.list known=KNOWN>
                <LocationsTable page />
            </IfKnown>
            <AskDialog ask=page.matcher.ask />
        </WizardFrame>
    }
}

use super::{table::OrganizationsTable, toolbar::Toolbar};
use crate::{
    error::AppError,
    pages::wizard::{
        api::{count_organizations, list_organizations},
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
    mapping::{MappingStatus, OrganizationRow, StatusCounts},
    page::Listing,
    run::{Run, RunKind},
    wizard::Step,
};
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] = &[Known::of::<MappingStatus>("status", "a status")];

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Organizations {
    pub current: Current,
    pub list: ListState,
    pub rows: Resource<Result<Listing<OrganizationRow>, AppError>>,
    pub counts: Resource<Result<StatusCounts, AppError>>,
    /// The run started here.
    pub known: RwSignal<Option<Run>>,
    pub matcher: Matcher,
    /// Whether the keys are shown.
    pub help: RwSignal<bool>,
}

impl Organizations {
    fn from_url() -> Self {
        let (current, list) = (Current::from_url(), ListState::from_url());
        let status = list.get("status");
        let query =
            move || (current.id.get(), list.page_number(), list.search_text(), list.sort.get(), status.get());
        let rows = Resource::new(query, |(id, page, search, sort, status)| async move {
            let status = status.and_then(|s| s.parse().ok());
            list_organizations(page, None, search, sort, required(id)?, status).await
        });
        let counted = move || (current.id.get(), list.search_text());
        let counts =
            Resource::new(
                counted,
                |(id, search)| async move { count_organizations(required(id)?, search).await },
            );
        let reload = Callback::new(move |()| {
            rows.refetch();
            counts.refetch();
        });
        let words = ("organization", "organizations");
        let subject = MappingSubject::Organization;
        let matcher = Matcher::new(MatcherParts { subject, words, current, list, reload });
        let (known, help) = (RwSignal::new(None), RwSignal::new(false));
        Self { current, list, rows, counts, known, matcher, help }
    }

    /// Reads rows and counts again.
    pub fn reload(self) {
        self.matcher.reload();
    }
}

/// Step 2: the first sync runs here, then every organization is mapped to a company, by Quick Match or by hand.
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let page = Organizations::from_url();
    let on_end = Callback::new(move |()| page.reload());
    view! {
        <WizardFrame
            step=Step::Organizations
            current=page.current
            text="Say which company each NinjaOne organization is. Only devices of mapped organizations can be imported."
        >
            <RunSection current=page.current known=page.known kind=RunKind::Organizations on_end />
            <Toolbar page />
            <QuickMatchResult matcher=page.matcher />
            <IfKnown list=page.list known=KNOWN>
                <OrganizationsTable page />
            </IfKnown>
            <AskDialog ask=page.matcher.ask />
        </WizardFrame>
    }
}

use super::{
    api::{list_exceptions, load_rules},
    exceptions::Exceptions,
    rules::RulesForm,
};
use crate::{
    layout::PageHead,
    pages::reports::{ExceptionDialog, ExceptionState},
    ui::{
        list::ListState,
        table::{Loaded, SearchBox},
    },
};
use domain::{
    compliance::{ComplianceException, ComplianceRules},
    page::Listing,
};
use leptos::prelude::*;

/// Which checks are on, and who may fail them.
#[component]
pub fn CompliancePage() -> impl IntoView {
    let list = ListState::from_url();
    let rules = Resource::new(|| (), |()| load_rules());
    let exceptions = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get().or(Some("-created_at".to_owned()))),
        |(page, search, sort)| list_exceptions(page, None, search, sort, None, None),
    );
    let again = Callback::new(move |()| exceptions.refetch());
    let form = move |found: ComplianceRules| view! { <RulesForm found /> }.into_any();
    let change = ExceptionState::new();
    let rows = move |found: Listing<ComplianceException>| {
        view! { <Exceptions list found again change /> }.into_any()
    };
    view! {
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/reports">"Reports"</a></li>
                <li>"Rules and exceptions"</li>
            </ul>
        </nav>
        <PageHead title="Compliance rules" text="What devices are checked for, and what counts in the score." />
        <div class="flex flex-col gap-6">
            <Loaded read=rules rows=8 columns=4 show=form />
            <section aria-label="Exceptions">
                <h2 class="mb-1 text-lg font-semibold">"Exceptions"</h2>
                <p class="mb-2 text-sm text-muted">
                    "To add one, open the devices of a check in the reports, or the report of a company."
                </p>
                <SearchBox list label="Search exceptions" />
                <ExceptionDialog state=change on_added=again />
                <div class="mt-3"><Loaded read=exceptions rows=3 columns=5 show=rows retry=again /></div>
            </section>
        </div>
    }
}

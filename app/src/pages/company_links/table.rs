use super::{
    cell::LinkCell,
    page::{Found, Links},
};
use crate::layout::may_open;
use crate::{
    pages::wizard::step_path,
    ui::{
        number::count,
        state::EmptyState,
        table::{Pager, SortHeader},
    },
};
use domain::{company_links::CompanyLinks, integration::Integration, page::Listing, wizard::Step};
use leptos::prelude::*;

/// The companies of the present page, or what to do when there are none.
#[component]
pub fn LinksTable(page: Links, found: Found) -> impl IntoView {
    let (found, all) = found;
    match (all.is_empty(), found.total) {
        (true, _) => view! {
            <EmptyState title="Nothing is connected yet" text="Connect NinjaOne: its organizations are a column here." icon="plug">
                {may_open("/integrations/new")
                    .then(|| view! { <a class="btn btn-sm btn-primary" href="/integrations/new">"Connect NinjaOne"</a> })}
            </EmptyState>
        }
        .into_any(),
        (false, 0) => view! { <NoCompanies page /> }.into_any(),
        (false, _) => view! { <Grid page found all /> }.into_any(),
    }
}

#[component]
fn NoCompanies(page: Links) -> impl IntoView {
    let list = page.list;
    if untrack(|| list.is_narrowed(&["missing"])) {
        return view! {
            <EmptyState title="No company matches" text="Nothing fits the search and the filter chosen." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all companies"</a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState title="No companies yet" text="Create companies, import them from a file, or create them of organizations in the wizard." icon="building">
            <a class="btn btn-sm btn-primary" href="/companies">"Go to companies"</a>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Grid(page: Links, found: Listing<CompanyLinks>, all: Vec<Integration>) -> impl IntoView {
    let list = page.list;
    let heads = all.iter().map(|i| view! { <Head page integration=i.clone() /> }).collect_view();
    let rows = found.items.into_iter().map(|row| view! { <Row page row all=all.clone() /> }).collect_view();
    view! {
        <div class="overflow-x-auto rounded-box border border-base-300 bg-base-100" tabindex="0" role="region" aria-label="Companies and their organizations">
            <table class="table table-sm">
                <caption class="sr-only">"Companies and the organizations that they are in each integration"</caption>
                <thead>
                    <tr>
                        <SortHeader list field="name" label="Company" default=true class="sticky left-0 z-10 min-w-36 bg-base-100" />
                        <SortHeader list field="device_count" label="Devices" class="num w-24 max-md:hidden" />
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

/// The head of an integration's column: its name, the way to its organizations, and the filter for what it lacks.
#[component]
fn Head(page: Links, integration: Integration) -> impl IntoView {
    let (id, name) = (integration.id, integration.name);
    let chosen = page.list.get("integration");
    let is_here = Memo::new(move |_| chosen.get() == Some(id.to_string()));
    let missing = {
        let path = page.list.path();
        move || match is_here.get() {
            true => path.clone(),
            false => format!("{path}?missing=1&integration={id}"),
        }
    };
    let label = format!("Companies without an organization in {name}");
    view! {
        <th scope="col" class="min-w-60">
            <a class="link link-hover" href=step_path(Some(id), Step::Organizations)>{name}</a>
            " "
            <a class="ml-3 font-normal link" href=missing title=label>
                {move || if is_here.get() { "Show all" } else { "Missing only" }}
            </a>
        </th>
    }
}

#[component]
fn Row(page: Links, row: CompanyLinks, all: Vec<Integration>) -> impl IntoView {
    let company = row.company.clone();
    let cells = all
        .into_iter()
        .map(|integration| {
            let links =
                row.links.iter().filter(|l| l.integration_id == integration.id).cloned().collect::<Vec<_>>();
            view! { <LinkCell page company=company.clone() integration links /> }
        })
        .collect_view();
    view! {
        <tr data-company=row.company.id.to_string()>
            <th scope="row" class="sticky left-0 z-10 max-w-56 min-w-36 bg-base-100 align-top font-medium">
                <a class="link link-hover break-words" href=format!("/companies/{}", row.company.id)>{row.company.name}</a>
            </th>
            <td class="num align-top max-md:hidden">{count(row.device_count)}</td>
            {cells}
        </tr>
    }
}

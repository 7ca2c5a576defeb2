use super::{
    api::{get_company, load_company_overview},
    company_form::CompanyDialog,
    facts::CompanyFacts,
    history::{CompanyHistory, read_events},
    location_form::LocationDialog,
    locations::{LocationsSection, LocationsState},
    merge::MergeCompany,
    overview::Overview,
    tools::CompanyTools,
};
use crate::layout::may_open;
use crate::{
    error::AppError,
    layout::{BackLink, Gone, PageHead, may_manage},
    pages::reports::paths::company_path,
    ui::{
        badge::{Badge, Tone},
        button::ActionButton,
        icon::Icon,
        list::ListState,
        number::things,
        state::{ErrorBox, Loading},
        table::Loaded,
    },
};
use domain::{company::Company, error::UserError, ids::CompanyId, permissions::Area};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// One company: its fields, its locations, and the way to its devices.
#[component]
pub fn CompanyPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<CompanyId>().ok()));
    let company = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => get_company(id).await,
                None => Err(AppError::from(UserError::not_found("company"))),
            }
        },
    );
    // Starts together with the company, though it is shown only if the company exists.
    let locations = LocationsState::new(id);
    let overview = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => load_company_overview(id).await,
                None => Err(AppError::from(UserError::not_found("company"))),
            }
        },
    );
    let list = ListState::named("history");
    let events = read_events(id, list);
    let changed = Callback::new(move |()| {
        company.refetch();
        overview.refetch();
        events.refetch();
    });
    let tools = CompanyTools::new(changed);
    // What was merged takes its locations along.
    let undone = Callback::new(move |()| {
        changed.run(());
        locations.tools.changed.run(());
    });
    view! {
        <BackLink href="/companies" label="Companies" />
        <Transition fallback=|| view! { <Loading /> }>
            {move || Suspend::new(async move {
                match company.await {
                    Ok(company) => {
                        view! {
                            <CompanyView company tools />
                            <Loaded read=overview rows=4 columns=2 show=move |overview| view! { <Overview overview changed=undone /> }.into_any() />
                            <LocationsSection state=locations />
                            <CompanyHistory events list />
                        }
                        .into_any()
                    }
                    Err(error) if error.is_not_found() => {
                        view! { <Gone what="company" icon="building" href="/companies" label="Show all companies" /> }.into_any()
                    },
                    Err(error) => view! { <PageHead title="Company" /><ErrorBox error retry=changed /> }.into_any(),
                }
            })}
        </Transition>
        <CompanyDialog state=tools.dialog on_saved=changed />
        <LocationDialog state=locations.tools.dialog on_saved=locations.tools.changed />
    }
}

#[component]
fn CompanyView(company: Company, tools: CompanyTools) -> impl IntoView {
    let devices = format!("/devices?company={}", company.id);
    let badge =
        company.archived.then(|| view! { <p class="mb-2"><Badge tone=Tone::Warning label="Archived" /></p> });
    let actions =
        may_manage(Area::Companies).then(|| view! { <CompanyActions company=company.clone() tools /> });
    let words = things(company.device_count, "device", "devices");
    let shown = may_open(&devices).then(|| {
        view! {
            <a href=devices.clone() class="btn btn-sm">
                <Icon name="devices" />
                {words}
            </a>
        }
    });
    let report = company_path(company.id);
    let report = (company.device_count > 0 && may_open(&report))
        .then(|| view! { <a href=report class="btn btn-sm"><Icon name="chart" /> "Report"</a> });
    view! {
        <PageHead title=company.name.clone()>
            {shown}
            {report}
            {actions}
        </PageHead>
        {badge}
        <CompanyFacts company />
    }
}

#[component]
fn CompanyActions(company: Company, tools: CompanyTools) -> impl IntoView {
    let (edited, merged) = (company.clone(), company.clone());
    let label = if company.archived { "Restore" } else { "Archive" };
    let edit = Callback::new(move |()| tools.dialog.show(Some(edited.clone())));
    let archive = Callback::new(move |()| tools.toggle_archived(&company));
    view! {
        <ActionButton label="Edit" on_press=edit />
        <ActionButton label busy=tools.busy on_press=archive />
        <MergeCompany company=merged />
    }
}

//! The first page after signing in: what to do next.

mod attention;
mod checklist;
mod figures;
mod integration_card;
mod overview;
mod places;
mod pulse;
mod standing;

use crate::{
    layout::{PageHead, may_manage, may_view, use_me},
    ui::state::{EmptyState, ErrorBox, Loading},
};
use attention::{Attention, is_urgent};
use checklist::Checklist;
use domain::{permissions::Area, role::Role};
use figures::Figures;
use integration_card::IntegrationCard;
use leptos::prelude::*;
use overview::Overview;
use places::Places;
use pulse::Pulse;
use standing::Standing;

/// Until devices have been imported: the four steps to get there. Afterwards what needs attention, figures, integrations.
#[component]
pub fn HomePage() -> impl IntoView {
    // What it shows is of all areas that the smallest built-in role may see.
    if !use_me().permissions.include(&Role::Read.permissions()) {
        return view! { <Head /> {may_view(Area::Reports).then(|| view! { <Standing /> })} <Places /> }
            .into_any();
    }
    view! { <Head /> <Dashboard /> }.into_any()
}

#[component]
fn Head() -> impl IntoView {
    view! { <PageHead title="Home" text=format!("Welcome, {}.", use_me().user.name) /> }
}

#[component]
fn Dashboard() -> impl IntoView {
    let overview = Resource::new(|| (), |()| overview::load());
    let retry = Callback::new(move |()| overview.refetch());
    view! {
        <Transition fallback=|| view! { <Loading /> }>
            {move || Suspend::new(async move {
                match overview.await {
                    Ok(overview) => view! { <Sections overview /> }.into_any(),
                    Err(error) => view! { <ErrorBox error retry /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Sections(overview: Overview) -> impl IntoView {
    if !overview.is_set_up() && !may_manage(Area::Mappings) {
        return view! {
            <EmptyState title="No devices yet" text="Somebody who may change this portal has to import them first." icon="devices" />
        }
        .into_any();
    }
    if !overview.is_set_up() {
        let urgent = is_urgent(&overview)
            .then(|| view! { <div class="mt-6"><Attention overview=overview.clone() /></div> });
        return view! { <Checklist overview /> {urgent} }.into_any();
    }
    let cards = overview
        .integrations
        .iter()
        .cloned()
        .map(|integration| view! { <IntegrationCard integration /> })
        .collect_view();
    view! {
        <div class="flex flex-col gap-6">
            <Attention overview=overview.clone() />
            <Figures overview=overview.clone() />
            <Pulse pulse=overview.pulse />
            <section aria-label="Integrations">
                <h2 class="mb-2 text-lg font-semibold">"Integrations"</h2>
                <div class="grid gap-4 lg:grid-cols-2">{cards}</div>
            </section>
        </div>
    }
    .into_any()
}

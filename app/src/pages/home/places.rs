use crate::{
    layout::{is_limited, places},
    ui::{icon::Icon, state::EmptyState},
};
use leptos::prelude::*;

/// The way to what somebody may see who may not see everything that the home page shows.
#[component]
pub fn Places() -> impl IntoView {
    let link = |(href, icon, name): (&'static str, &'static str, &'static str)| {
        view! {
            <li>
                <a href=href class="flex items-center gap-3 rounded-box border border-base-300 bg-base-100 p-4 font-semibold hover:border-primary">
                    <Icon name=icon class="size-6 shrink-0" />
                    {name}
                </a>
            </li>
        }
    };
    let places = places();
    if places.is_empty() {
        return Nowhere().into_any();
    }
    view! {
        <ul class="grid gap-3 sm:grid-cols-2 lg:grid-cols-3" aria-label="What you may see">
            {places.into_iter().map(link).collect_view()}
        </ul>
    }
    .into_any()
}

/// Why there is no way on: what the role shows is about the whole portal, and its user is limited to a part.
#[component]
fn Nowhere() -> impl IntoView {
    let text = match is_limited() {
        true => {
            "You are limited to some companies, and what your role shows is about the whole portal. An administrator can \
             change either."
        }
        false => "Your role shows no part of the portal. An administrator can give you one that does.",
    };
    view! { <EmptyState title="Nothing is open to you yet" text icon="key" /> }
}

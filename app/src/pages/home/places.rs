use crate::{layout::places, ui::icon::Icon};
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
    view! {
        <ul class="grid gap-3 sm:grid-cols-2 lg:grid-cols-3" aria-label="What you may see">
            {places().into_iter().filter(|place| place.0 != "/").map(link).collect_view()}
        </ul>
    }
}

use crate::layout::use_me;
use domain::permissions::{Area, Level, Permissions};
use leptos::prelude::*;

/// One group of choices per area: nothing, view, or manage. Levels that the signed-in user lacks cannot be chosen.
#[component]
pub fn PermissionGrid(
    value: RwSignal<Permissions>,
    /// What the server said about it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let rows = Area::ALL.iter().map(|area| view! { <AreaRow area=*area value /> }).collect_view();
    let said = move || error.get().or_else(|| value.get().check().err().map(|error| error.message));
    view! {
        <fieldset aria-describedby="permissions-said">
            <legend class="mb-1 text-sm font-medium">"What the role allows"</legend>
            <div class="divide-y divide-base-300 rounded-box border border-base-300">{rows}</div>
            <p id="permissions-said" class="mt-1 min-h-5 text-sm text-error" aria-live="polite">{said}</p>
        </fieldset>
    }
}

#[component]
fn AreaRow(area: Area, value: RwSignal<Permissions>) -> impl IntoView {
    let own = use_me().permissions;
    let (title, about) = words(area);
    let (id, labelled) = (format!("area-{area}"), format!("area-{area}"));
    let choice = |level: Level| {
        let is_chosen = move || value.read().of(area) == level;
        view! {
            <input
                type="radio"
                class="btn join-item btn-sm"
                name=format!("permission-{area}")
                value=level.as_str()
                aria-label=level_word(level)
                disabled=!own.allow(area, level)
                checked=untrack(is_chosen)
                prop:checked=is_chosen
                on:change=move |_| value.update(|all| *all = all.with(area, level))
            />
        }
    };
    view! {
        <div
            role="radiogroup"
            aria-labelledby=labelled
            class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-3 py-2"
            data-area=area.as_str()
        >
            <span id=id class="min-w-0 flex-1 basis-40">
                <span class="block text-sm font-medium">{title}</span>
                <span class="block text-xs text-muted">{about}</span>
            </span>
            <span class="join">{Level::ALL.iter().map(|level| choice(*level)).collect_view()}</span>
        </div>
    }
}

/// Name of an area, and what is in it.
fn words(area: Area) -> (&'static str, &'static str) {
    match area {
        Area::Integrations => ("Integrations", "Connected accounts and the history of their syncs"),
        Area::Mappings => (
            "Mappings",
            "Start syncs and imports, map what they find; also creates companies, locations and device types to map to",
        ),
        Area::Companies => ("Companies", "Companies and their locations"),
        Area::Devices => ("Devices", "The inventory, device types, duplicates"),
        Area::Reports => ("Reports", "Reports, and exceptions in them"),
        Area::Users => ("Users", "Users, roles, everybody's sessions and API tokens"),
        Area::Settings => ("Settings", "The audit log, and the rules of reports"),
    }
}

fn level_word(level: Level) -> &'static str {
    match level {
        Level::None => "Nothing",
        Level::Read => "View",
        Level::Manage => "Manage",
    }
}

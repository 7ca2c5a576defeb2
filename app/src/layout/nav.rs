//! The six places of the portal: a sidebar on wide screens, a bar at the bottom on small ones.

use super::{allowed::area_of, me::may_view};
use crate::ui::icon::Icon;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A place: address, icon, name, shorter name for small screens.
#[derive(Clone, Copy)]
struct Place(&'static str, &'static str, &'static str, &'static str);

/// Shown at the side only; small screens have it in the bar at the top.
const WHY: Place = Place("/why", "help", "Why?", "Why?");

/// Shown in the menu of the user, and on the home page of those who see little else.
const SETTINGS: [Place; 3] = [
    Place("/settings/users", "user", "Users", "Users"),
    Place("/settings/roles", "key", "Roles", "Roles"),
    Place("/settings/audit", "shield", "Audit log", "Audit"),
];

const PLACES: [Place; 6] = [
    Place("/", "home", "Home", "Home"),
    Place("/devices", "devices", "Devices", "Devices"),
    Place("/companies", "building", "Companies", "Companies"),
    Place("/device-types", "tag", "Device types", "Types"),
    Place("/reports", "chart", "Reports", "Reports"),
    Place("/settings/integrations", "plug", "Integrations", "Integrations"),
];

/// Whether the signed-in user may see a place: what is not allowed is not shown.
fn is_allowed(place: &Place) -> bool {
    area_of(place.0).is_none_or(may_view)
}

/// The places that the signed-in user may go to from the home page: address, icon, name.
pub fn places() -> Vec<(&'static str, &'static str, &'static str)> {
    let all = PLACES.iter().skip(1).chain([&WHY]).chain(&SETTINGS).filter(|place| is_allowed(place));
    all.map(|Place(href, icon, name, _)| (*href, *icon, *name)).collect()
}

/// The places in the menu of the signed-in user: address, name.
pub fn settings_places() -> impl Iterator<Item = (&'static str, &'static str)> {
    SETTINGS.iter().filter(|place| is_allowed(place)).map(|Place(href, _, name, _)| (*href, *name))
}

/// Whether the page at `path` belongs to a place.
fn is_inside(place: &str, path: &str) -> bool {
    match place {
        "/" => path == "/",
        "/reports" => path.starts_with("/reports") || path == "/settings/compliance",
        "/settings/integrations" => {
            path.starts_with("/settings/integrations") || path.starts_with("/integrations")
        }
        "/devices" if path.starts_with("/duplicates") => true,
        "/companies" if path.starts_with("/locations/") => true,
        _ => path == place || path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/')),
    }
}

/// `aria-current` of a place, which also decides how its link looks.
fn current(place: &'static str) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
    let path = use_location().pathname;
    move || is_inside(place, &path.read()).then_some("page")
}

/// The navigation at the side, from 1024 px.
#[component]
pub fn Sidebar() -> impl IntoView {
    let link = |Place(href, icon, name, _): Place| {
        view! {
            <li>
                <a
                    href=href
                    aria-current=current(href)
                    class="aria-[current=page]:bg-primary/10 aria-[current=page]:shadow-none aria-[current=page]:font-semibold aria-[current=page]:text-primary"
                >
                    <Icon name=icon class="size-5 shrink-0" />
                    {name}
                </a>
            </li>
        }
    };
    let places = PLACES.into_iter().chain([WHY]).filter(is_allowed);
    view! {
        <nav
            aria-label="Main"
            class="no-print sticky top-0 hidden h-screen w-56 shrink-0 flex-col border-r border-base-300 bg-base-100 lg:flex"
        >
            <a href="/" class="flex h-14 items-center gap-2 px-4 text-lg font-bold">
                <img src="/favicon.svg" alt="" width="24" height="24" />
                "MSPortal"
            </a>
            <ul class="menu w-full grow gap-1 overflow-y-auto p-2">{places.map(link).collect_view()}</ul>
        </nav>
    }
}

/// The navigation at the bottom, below 1024 px.
#[component]
pub fn Dock() -> impl IntoView {
    let link = |Place(href, icon, name, short): Place| {
        view! {
            <a href=href aria-label=name aria-current=current(href) class="aria-[current=page]:text-primary aria-[current=page]:font-semibold">
                <Icon name=icon class="size-5 shrink-0" />
                <span class="text-[11px] leading-tight">{short}</span>
            </a>
        }
    };
    let places = PLACES.into_iter().filter(is_allowed);
    view! { <nav aria-label="Main" class="dock z-20 border-t border-base-300 bg-base-100 lg:hidden">{places.map(link).collect_view()}</nav> }
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn a_page_belongs_to_one_place() {
        assert!(is_inside("/", "/"));
        assert!(!is_inside("/", "/devices"));
        assert!(is_inside("/devices", "/devices/1"));
        assert!(!is_inside("/devices", "/device-types"));
        assert!(is_inside("/settings/integrations", "/integrations/1/connect"));
        assert!(is_inside("/reports", "/settings/compliance"));
        assert!(!is_inside("/settings/integrations", "/settings/compliance"));
    }
}

//! Which area a page belongs to, and what stands there for those who may not see it.

use super::{PageHead, is_limited, use_me};
use crate::{error::answer_forbidden, ui::state::EmptyState};
use domain::permissions::{Area, Level, Permissions, words};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_location;

/// The area that whoever opens the page at `path` has to see; `None` where everybody may.
pub fn area_of(path: &str) -> Option<Area> {
    let segments = path.split('/').filter(|segment| !segment.is_empty()).collect::<Vec<_>>();
    Some(match segments[..] {
        ["companies" | "locations", ..] => Area::Companies,
        ["devices" | "device-types" | "duplicates" | "why", ..] => Area::Devices,
        ["reports", ..] | ["settings", "compliance"] => Area::Reports,
        ["settings", "users" | "roles"] => Area::Users,
        ["settings", "audit"] => Area::Settings,
        ["settings", "integrations", "companies"] => Area::Mappings,
        ["settings", "integrations"] | ["integrations", "new"] => Area::Integrations,
        ["integrations", _, "connect"] | ["integrations", _, "runs", ..] => Area::Integrations,
        ["integrations", ..] => Area::Mappings,
        _ => return None,
    })
}

/// How much of its area a page takes: one that only changes something is not for those who may view.
fn level_of(path: &str) -> Level {
    let segments = path.split('/').filter(|segment| !segment.is_empty()).collect::<Vec<_>>();
    match segments[..] {
        ["integrations", "new"] | ["integrations", _, "connect"] | ["companies", "import"] => Level::Manage,
        _ => Level::Read,
    }
}

/// Pages about all companies, in areas of which those who are limited to some companies see the rest.
fn is_about_all(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path == "/companies/import" || path == "/duplicates" || path.starts_with("/duplicates/")
}

/// Whether the signed-in user may open the page of an address.
pub fn may_open(href: &str) -> bool {
    let (me, path) = (use_me(), href.split(['?', '#']).next().unwrap_or_default());
    let seen = area_of(path).is_none_or(|area| me.permissions.allow(area, level_of(path)));
    seen && !(me.limited && is_about_all(path))
}

/// The page, or the reason why it is not shown.
#[component]
pub fn Allowed(children: ChildrenFn) -> impl IntoView {
    let path = use_location().pathname;
    let open = Memo::new(move |_| may_open(&path.read()));
    let refusal = move || {
        answer_forbidden();
        let path = path.get();
        // Of an area that nobody who is limited sees, the limit is the reason, else the role.
        let of_all = |area| !Permissions::OF_SOME_COMPANIES.allow(area, level_of(&path));
        if is_limited() && (is_about_all(&path) || area_of(&path).is_some_and(of_all)) {
            Either::Left(Limited())
        } else {
            Either::Right(view! { <NotAllowed path /> })
        }
    };
    view! {
        <Show when=move || open.get() fallback=refusal>
            {children()}
        </Show>
    }
}

#[component]
fn Limited() -> impl IntoView {
    let text = "You are limited to some companies, and this page is about the whole portal.";
    view! {
        <PageHead title="Not for your account" />
        <EmptyState title="You may not see this page" text icon="key">
            <a class="btn btn-sm" href="/">"Home"</a>
        </EmptyState>
    }
}

#[component]
fn NotAllowed(path: String) -> impl IntoView {
    let text = area_of(&path).map(|area| {
        let may = words(area, level_of(&path));
        format!("Your role does not let you {may}. An administrator can give you one that does.")
    });
    let text = text.unwrap_or_default();
    view! {
        <PageHead title="Not for your role" />
        <EmptyState title="You may not see this page" text icon="key">
            <a class="btn btn-sm" href="/">"Home"</a>
        </EmptyState>
    }
}

#[cfg(test)]
mod tests {
    use super::{area_of, is_about_all};
    use domain::permissions::Area::{self, *};

    #[test]
    fn each_page_belongs_to_an_area() {
        let pages: [(&str, Area); 18] = [
            ("/companies", Companies),
            ("/companies/import", Companies),
            ("/locations/1", Companies),
            ("/devices", Devices),
            ("/devices/1", Devices),
            ("/device-types", Devices),
            ("/duplicates/1", Devices),
            ("/why", Devices),
            ("/reports/companies/1", Reports),
            ("/settings/compliance", Reports),
            ("/settings/users", Users),
            ("/settings/roles", Users),
            ("/settings/audit", Settings),
            ("/settings/integrations", Integrations),
            ("/settings/integrations/companies", Mappings),
            ("/integrations/new", Integrations),
            ("/integrations/1/runs/2", Integrations),
            ("/integrations/1/organizations", Mappings),
        ];
        for (path, area) in pages {
            assert_eq!(area_of(path), Some(area), "{path}");
        }
        assert!(["/companies/import", "/duplicates", "/duplicates/1"].into_iter().all(is_about_all));
        assert!(!["/companies", "/companies/1", "/devices", "/why"].into_iter().any(is_about_all));
        assert_eq!(["/", "/account", "/settings/tokens", "/no-such-page"].map(area_of), [None; 4]);
    }
}

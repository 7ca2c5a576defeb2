//! Which area a page belongs to, and what stands there for those who may not see it.

use super::{PageHead, me::use_me};
use crate::ui::state::EmptyState;
use domain::permissions::{Area, Level};
use leptos::prelude::*;
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

/// The page, or the reason why it is not shown.
#[component]
pub fn Allowed(children: ChildrenFn) -> impl IntoView {
    let (path, permissions) = (use_location().pathname, use_me().permissions);
    let refused =
        Memo::new(move |_| area_of(&path.read()).filter(|area| !permissions.allow(*area, Level::Read)));
    view! {
        <Show when=move || refused.get().is_none() fallback=move || view! { <NotAllowed area=refused.get() /> }>
            {children()}
        </Show>
    }
}

#[component]
fn NotAllowed(area: Option<Area>) -> impl IntoView {
    let text = match area {
        Some(area) => {
            format!("Your role does not let you view {area}. An administrator can give you one that does.")
        }
        None => String::new(),
    };
    view! {
        <PageHead title="Not for your role" />
        <EmptyState title="You may not see this page" text icon="key">
            <a class="btn btn-sm" href="/">"Home"</a>
        </EmptyState>
    }
}

#[cfg(test)]
mod tests {
    use super::area_of;
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
        assert_eq!(["/", "/account", "/settings/tokens", "/no-such-page"].map(area_of), [None; 4]);
    }
}

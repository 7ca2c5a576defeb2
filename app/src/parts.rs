//! The pages behind the door, in parts whose code may arrive when it is first needed.
//!
//! The server and a debug build have all parts at hand ([`Parts::here`]). The release build of the browser side loads
//! each part by itself, so that the first page does not wait for the code of all the others.

use crate::{
    pages::{
        account::AccountPage,
        api_tokens::ApiTokensPage,
        audit::AuditPage,
        companies::{CompaniesPage, CompanyPage, ImportCsvPage, LocationPage},
        company_links::CompanyLinksPage,
        compliance::CompliancePage,
        device_types::DeviceTypesPage,
        devices::{DeviceEditsPage, DevicePage, DevicesPage},
        duplicates::{ComparePage, DuplicatesPage},
        home::HomePage,
        integrations::IntegrationsPage,
        reports::{CompanyReportPage, CompanyScoresPage, ReportDevicesPage, ReportsPage},
        roles::RolesPage,
        runs::{RunPage, RunsPage},
        users::UsersPage,
        why::WhyPage,
        wizard::{ConnectPage, ImportPage, LocationsPage, OrganizationsPage},
    },
    ui::state::NotLoaded,
};
use futures::future::{LocalBoxFuture, ready};
use leptos::prelude::*;
use leptos_router::ChooseView;
use std::sync::Arc;

/// Declares parts: the enum of a part's pages, and the field of [`Parts`] that makes them.
macro_rules! parts {
    ($($(#[$meta:meta])* $field:ident: $part:ident { $($page:ident => $view:ident),+ })+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy)]
            pub enum $part { $($page),+ }

            impl $part {
                /// The page itself.
                pub fn view(self) -> AnyView {
                    match self { $(Self::$page => view! { <$view /> }.into_any()),+ }
                }
            }
        )+

        /// How the pages of all parts are made.
        #[derive(Clone, Copy)]
        pub struct Parts { $(pub $field: Part<$part>),+ }

        impl Parts {
            /// Parts that are here already.
            pub fn here() -> Self {
                Self { $($field: Part { view: |page| Box::pin(ready(Some(page.view()))), load: at_once }),+ }
            }

            /// Loads the part of that name; whether it is here then.
            fn named(self, name: &str) -> Loaded {
                match name { $(stringify!($field) => (self.$field.load)(),)+ _ => at_once() }
            }
        }
    };
}

parts! {
    /// The signed-in user.
    account: Account { Page => AccountPage }
    /// Tokens of programs.
    tokens: Tokens { Page => ApiTokensPage }
    /// Companies and device types.
    companies: Companies { List => CompaniesPage, Types => DeviceTypesPage }
    /// One company with its locations, and one location.
    company: Company { Page => CompanyPage, Location => LocationPage }
    /// Companies and locations from a file.
    csv: Csv { Page => ImportCsvPage }
    /// The inventory.
    devices: Devices { List => DevicesPage, Edits => DeviceEditsPage }
    /// One device.
    device: Device { Page => DevicePage }
    /// Devices that look like one machine.
    duplicates: Duplicates { List => DuplicatesPage, Pair => ComparePage }
    /// Where everything stands.
    home: Home { Page => HomePage }
    /// The connected accounts.
    integrations: Integrations { Page => IntegrationsPage }
    /// The runs of an integration.
    history: History { Page => RunsPage }
    /// One run.
    run: Run { Page => RunPage }
    /// The first step of the wizard.
    connect: Connect { Step => ConnectPage }
    /// The second and the third step, and the grid of companies and organizations.
    mapping: Mapping { Organizations => OrganizationsPage, Locations => LocationsPage, Links => CompanyLinksPage }
    /// The last step.
    import: Import { Step => ImportPage }
    /// How the fleet and its companies stand.
    reports: Reports { Overview => ReportsPage, Companies => CompanyScoresPage }
    /// The devices behind a number, and the report of one company.
    findings: Findings { Devices => ReportDevicesPage, Company => CompanyReportPage }
    /// Rules of compliance, and exceptions.
    compliance: Compliance { Page => CompliancePage }
    /// Who did what.
    audit: Audit { Page => AuditPage }
    /// Who may sign in, and what they may do.
    users: Users { Page => UsersPage, Roles => RolesPage }
    /// Why a device is where it is.
    why: Why { Page => WhyPage }
}

impl Parts {
    /// Loads the part that the page at `path` belongs to; whether it is here then.
    pub async fn load_for(self, path: &str) -> bool {
        match part_of(path) {
            Some(name) => self.named(name).await,
            None => true,
        }
    }
}

/// The name of the part that the page at `path` belongs to, as in [`Parts`]; pages before the door belong to none.
pub fn part_of(path: &str) -> Option<&'static str> {
    let segments = path.split('/').filter(|segment| !segment.is_empty()).collect::<Vec<_>>();
    Some(match segments[..] {
        [] => "home",
        ["account"] => "account",
        ["companies"] | ["device-types"] => "companies",
        ["companies", "import"] => "csv",
        ["companies", _] | ["locations", _] => "company",
        ["devices"] | ["devices", "edits"] => "devices",
        ["devices", _] => "device",
        ["reports"] | ["reports", "companies"] => "reports",
        ["reports", "devices"] | ["reports", "companies", _] => "findings",
        ["settings", "audit"] => "audit",
        ["settings", "tokens"] => "tokens",
        ["settings", "compliance"] => "compliance",
        ["settings", "users" | "roles"] => "users",
        ["why"] => "why",
        ["duplicates"] | ["duplicates", _] => "duplicates",
        ["settings", "integrations"] => "integrations",
        ["settings", "integrations", "companies"] => "mapping",
        ["integrations", "new"] | ["integrations", _, "connect"] => "connect",
        ["integrations", _, "organizations" | "locations"] => "mapping",
        ["integrations", _, "devices"] => "import",
        ["integrations", _, "runs"] => "history",
        ["integrations", _, "runs", _] => "run",
        _ => return None,
    })
}

/// The folder of the parts, as a context of the server: where a release build has put them.
#[derive(Clone)]
pub struct PartsFolder(pub String);

/// Lets the browser load the part of the page beside the program instead of after it.
#[component]
pub fn PartHint() -> impl IntoView {
    let folder = use_context::<PartsFolder>()?.0;
    let path = use_context::<http::request::Parts>()?.uri.path().to_owned();
    let part = part_of(&path)?;
    Some(view! {
        <link rel="preload" r#as="fetch" crossorigin="anonymous" href=format!("/{folder}/{part}.bin") />
    })
}

/// A page's view; `None` when its code could not be loaded.
pub type Made = LocalBoxFuture<'static, Option<AnyView>>;

/// Whether the code of a part is here.
pub type Loaded = LocalBoxFuture<'static, bool>;

/// How the pages of a part are made: the view of one, and what has to be waited for before.
#[derive(Clone, Copy)]
pub struct Part<P> {
    pub view: fn(P) -> Made,
    pub load: fn() -> Loaded,
}

impl<P: Copy + Send + Sync + 'static> Part<P> {
    /// One page of the part, as a route wants it.
    pub fn page(self, page: P) -> LazyPage {
        LazyPage { view: Arc::new(move || (self.view)(page)), load: self.load }
    }
}

fn at_once() -> Loaded {
    Box::pin(ready(true))
}

/// A page of a part: one type for all of them, because routes are compiled for each type of page.
#[derive(Clone)]
pub struct LazyPage {
    view: Arc<dyn Fn() -> Made + Send + Sync>,
    load: fn() -> Loaded,
}

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        match (self.view)().await {
            Some(view) => view,
            None => view! { <NotLoaded /> }.into_any(),
        }
    }

    async fn preload(&self) {
        (self.load)().await;
    }
}

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn each_address_has_its_part() {
        let parts = [
            ("/", "home"),
            ("/account", "account"),
            ("/companies", "companies"),
            ("/device-types", "companies"),
            ("/companies/import", "csv"),
            ("/companies/1", "company"),
            ("/locations/1", "company"),
            ("/devices", "devices"),
            ("/devices/edits", "devices"),
            ("/devices/1", "device"),
            ("/reports", "reports"),
            ("/reports/companies", "reports"),
            ("/reports/companies/1", "findings"),
            ("/reports/devices", "findings"),
            ("/settings/audit", "audit"),
            ("/settings/tokens", "tokens"),
            ("/settings/compliance", "compliance"),
            ("/settings/users", "users"),
            ("/settings/roles", "users"),
            ("/why", "why"),
            ("/duplicates", "duplicates"),
            ("/duplicates/1", "duplicates"),
            ("/settings/integrations", "integrations"),
            ("/integrations/new", "connect"),
            ("/integrations/1/connect", "connect"),
            ("/integrations/1/organizations", "mapping"),
            ("/integrations/1/locations", "mapping"),
            ("/integrations/1/devices", "import"),
            ("/integrations/1/runs", "history"),
            ("/integrations/1/runs/2", "run"),
        ];
        for (path, part) in parts {
            assert_eq!(part_of(path), Some(part), "{path}");
        }
        assert_eq!(["/sign-in", "/setup", "/invite/x", "/no-such-page"].map(part_of), [None; 4]);
    }
}

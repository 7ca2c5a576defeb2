//! The set-up wizard: connect, map organizations, map locations, import devices.

pub mod api;
mod connect;
mod current;
mod decide_api;
mod frame;
mod if_gone;
mod import;
mod locations;
mod matcher;
mod organization_link;
mod organizations;
mod paths;
mod run_section;
mod saver;
mod searches;
mod steps;
mod sync_now;

pub use api::list_import_results;
pub use connect::ConnectPage;
pub use current::Current;
pub use if_gone::IfGone;
pub use import::{ImportPage, ResultsTable};
pub use locations::LocationsPage;
pub use matcher::{Ask, AskDialog, Undo, is_undo};
pub use organization_link::OrganizationLink;
pub use organizations::OrganizationsPage;
pub use paths::step_path;
pub use searches::{company_search, device_type_search, location_search};

//! Settings > Integrations: the connected accounts, their runs, and one run.

pub mod api;
mod card;
mod changes;
mod delete;
mod evidence;
mod list;
mod live_run_panel;
mod paths;
mod report;
mod run;
mod runs;

pub use list::IntegrationsPage;
pub use live_run_panel::LiveRunPanel;
pub use paths::{run_path, runs_path};
pub use run::RunPage;
pub use runs::RunsPage;

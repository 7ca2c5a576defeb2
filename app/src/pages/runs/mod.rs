//! Runs: the history of an integration, one run, and the panel that follows a run wherever it is shown.

pub mod api;
mod changes;
mod controls;
mod crumbs;
mod follow;
mod history;
mod live_run_panel;
mod paths;
mod questions;
mod run;
mod words;

pub use changes::FieldLine;
pub use history::RunsPage;
pub use live_run_panel::LiveRunPanel;
pub use paths::{question_path, run_path, runs_path};
pub use run::RunPage;
pub use words::{is_sync, look, undecided};

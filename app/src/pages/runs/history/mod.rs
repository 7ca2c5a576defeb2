//! Settings > Integrations > history: every run of an integration.

mod filters;
mod page;
mod row;

pub use page::RunsPage;

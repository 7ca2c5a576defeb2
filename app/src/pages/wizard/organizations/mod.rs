//! Step 2: organizations to companies.

mod empty;
mod page;
mod proposal;
mod row;
mod table;
mod toolbar;

pub use page::OrganizationsPage;
pub(super) use proposal::Proposal;
pub(super) use row::status_badge;
pub(super) use toolbar::status_tabs;

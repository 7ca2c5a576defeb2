//! Step 2: organizations to companies.

mod empty;
mod page;
mod row;
mod table;
mod toolbar;

pub use page::OrganizationsPage;
pub(super) use toolbar::status_tabs;

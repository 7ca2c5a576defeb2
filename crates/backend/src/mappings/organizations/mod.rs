//! Organizations and the companies that they are.

mod list;
mod quick;
mod save;

pub(crate) use list::organization_status_counts;

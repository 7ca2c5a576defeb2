//! Organizations and the companies that they are.

mod evidence;
mod list;
mod plan;
mod quick;
mod save;

pub(crate) use list::organization_status_counts;
pub(super) use plan::plan;
pub(super) use quick::findings;

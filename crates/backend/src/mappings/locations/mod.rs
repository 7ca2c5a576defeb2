//! Remote locations and the PSA locations that they are, inside the company of the mapped organization.

mod list;
mod plan;
mod quick;
mod save;

pub(crate) use list::remote_location_status_counts;
pub(super) use plan::plan;
pub(super) use quick::findings;

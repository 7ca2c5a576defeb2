//! Mappings: organizations to companies, remote locations to PSA locations, node classes to device types.
//!
//! A row without a mapping, or with one in state `unmapped`, is unmapped; `pending` holds a proposal, which nothing is
//! imported by; only `mapped` counts. Each decision is saved by itself, in one transaction with what follows from it.

mod company_links;
mod decide;
mod decisions;
pub(crate) mod listing;
mod locations;
mod node_classes;
mod note;
mod organizations;
mod proposal;
mod side;
mod store;

pub(crate) use locations::remote_location_status_counts;
pub(crate) use organizations::organization_status_counts;
pub(crate) use store::lock;

//! Companies beside the organizations that they are in each integration.

use crate::{company::CompanyRef, ids::IntegrationId};

wire! {
    /// A company with the organizations mapped to it, of all integrations.
    pub struct CompanyLinks {
        pub company: CompanyRef,
        pub device_count: i64,
        pub links: Vec<OrganizationLink>,
    }

    /// An organization that is mapped to a company.
    pub struct OrganizationLink {
        pub integration_id: IntegrationId,
        pub remote_id: String,
        pub name: String,
        pub device_count: i64,
        /// NinjaOne no longer lists it.
        pub missing: bool,
        /// Of the mapping: send it back with a decision.
        pub version: i64,
    }

    /// How many companies there are, and how many have no organization in some integration.
    #[derive(Default, Copy, Eq)]
    pub struct CompanyLinkCounts {
        pub all: i64,
        pub missing: i64,
    }
}

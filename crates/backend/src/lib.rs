//! Use cases of MSPortal: persistence, secrets, sessions, syncs and imports.
//!
//! The door is [`Portal`]; the only way from there to the tables of a tenant is a [`Tenant`] with an access level, so a
//! query without a permission does not compile. One file per feature adds its use cases as `impl Tenant<…>`.

mod api_tokens;
mod audit;
mod bulk;
pub mod clock;
mod companies;
mod companies_defaults;
mod compliance;
mod config;
mod csv_files;
pub mod db;
mod device_types;
pub mod devices;
mod duplicates;
mod error;
mod hub;
mod imports;
mod integrations;
pub mod jobs;
mod locations;
pub mod mail;
mod mappings;
mod memory;
mod metrics;
mod named;
pub mod once;
mod portal;
mod roles;
pub mod runs;
pub mod scope;
pub mod session;
mod sql;
mod staging;
mod sync;
mod task;
pub mod tenant;
mod tenants;
mod users;
pub mod vault;
mod why;

pub use api_tokens::TokenInput;
pub use audit::verify_all as verify_audit_logs;
pub use compliance::refresh_all as check_compliance;
pub use config::{Config, Demo};
pub use error::{Error, Result};
pub use memory::use_small_pages;
pub use metrics::Metrics;
pub use portal::Portal;

pub use tenant::Tenant;
pub use tenants::TenantSummary;
pub use why::WhyAsked;

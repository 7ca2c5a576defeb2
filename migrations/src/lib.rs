//! The database schema, one migration set for SQLite and PostgreSQL.
//!
//! Conventions: ids are UUIDs, times are `bigint` microseconds since 1970 UTC (exact, compact and alike on both engines),
//! lists and objects are JSON in `text`, every row of a tenant carries `tenant_id`.

mod dialect;
mod m0001_portal;
mod m0002_companies;
mod m0003_integrations;
mod m0004_remote;
mod m0005_devices;
mod m0006_runs_that_tell;
mod m0007_decisions;
mod m0008_fewer_indexes;
mod m0009_ownership;
mod m0010_custom_fields;
mod m0011_views;
mod m0012_compliance;
mod m0013_duplicates;
mod m0014_device_list;
mod m0015_sessions;
mod m0017_audit;
mod m0018_api_tokens;
mod m0018_idempotency_keys;
mod m0019_users;
mod m0020_followed_up;
mod m0024_systems;
mod m0025_roles;
mod m0026_assigned_companies;
mod m0027_mails;
mod m0027_second_factor_for_all;
mod m0028_beat_pages;
mod m0029_narrower_indexes;
mod m0031_past_feeds;
mod m0032_location_history;
mod m0033_versions;
mod m0034_sign_ups;
mod m0035_exception_versions;
mod m0036_audit_replaced;
mod m0037_linked_fields;
mod m0038_feeds;
mod m0039_packs;
mod m0040_guards;
mod m0041_pending_second_factors;
mod m0042_retried;
mod m0043_company_merges;
mod m0044_listed_at_once;
mod m0045_counted_by_index;

pub use m0014_device_list::computed_on_sqlite;
pub use m0028_beat_pages::PAGE as BEATS_OF_A_PAGE;
use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

/// Runs the migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_portal::Migration),
            Box::new(m0002_companies::Migration),
            Box::new(m0003_integrations::Migration),
            Box::new(m0004_remote::Migration),
            Box::new(m0005_devices::Migration),
            Box::new(m0006_runs_that_tell::Migration),
            Box::new(m0007_decisions::Migration),
            Box::new(m0008_fewer_indexes::Migration),
            Box::new(m0009_ownership::Migration),
            Box::new(m0010_custom_fields::Migration),
            Box::new(m0012_compliance::Migration),
            Box::new(m0013_duplicates::Migration),
            Box::new(m0011_views::Migration),
            Box::new(m0014_device_list::Migration),
            Box::new(m0015_sessions::Migration),
            Box::new(m0017_audit::Migration),
            Box::new(m0020_followed_up::Migration),
            Box::new(m0024_systems::Migration),
            Box::new(m0018_api_tokens::Migration),
            Box::new(m0018_idempotency_keys::Migration),
            Box::new(m0019_users::Migration),
            Box::new(m0025_roles::Migration),
            Box::new(m0026_assigned_companies::Migration),
            Box::new(m0027_mails::Migration),
            Box::new(m0027_second_factor_for_all::Migration),
            Box::new(m0029_narrower_indexes::Migration),
            Box::new(m0031_past_feeds::Migration),
            Box::new(m0032_location_history::Migration),
            Box::new(m0033_versions::Migration),
            Box::new(m0034_sign_ups::Migration),
            Box::new(m0035_exception_versions::Migration),
            Box::new(m0036_audit_replaced::Migration),
            Box::new(m0037_linked_fields::Migration),
            Box::new(m0038_feeds::Migration),
            Box::new(m0039_packs::Migration),
            Box::new(m0040_guards::Migration),
            Box::new(m0041_pending_second_factors::Migration),
            Box::new(m0042_retried::Migration),
            Box::new(m0043_company_merges::Migration),
            Box::new(m0044_listed_at_once::Migration),
            Box::new(m0045_counted_by_index::Migration),
            Box::new(m0028_beat_pages::Migration),
        ]
    }
}

//! Use cases on real databases. Every story runs on SQLite and on PostgreSQL.
#[macro_use]
mod support;
#[macro_use]
mod fleet;
#[macro_use]
mod rig;
mod judge;
mod staged;
mod truth;

mod breaker;
mod companies;
mod company_links;
mod cron;
mod csv_import;
mod decisions;
mod device_types;
mod devices;
mod fault_suite;
mod glance;
mod histories;
mod imports;
mod lifecycle;
mod locations;
mod node_classes;
mod organizations;
mod politeness;
mod reconnect;
mod remote_locations;
mod sync;

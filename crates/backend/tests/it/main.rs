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

mod audit;
mod beats;
mod breaker;
mod companies;
mod company_links;
mod company_pages;
mod compliance;
mod cron;
mod csv_import;
mod custom_fields;
mod decisions;
mod device_list;
mod device_types;
mod device_views;
mod devices;
mod duplicates;
mod edits;
mod fault_suite;
mod follow;
mod glance;
mod histories;
mod imports;
mod jobs;
mod lifecycle;
mod limited;
mod link;
mod locations;
mod mails;
mod merge;
mod node_classes;
mod organizations;
mod packs;
mod politeness;
mod reconnect;
mod remote_locations;
mod roles;
mod schema;
mod sessions;
mod side_by_side;
mod sync;
mod tenants;
mod transactions;
mod unchanged;
mod unreadable;
mod users;
mod very_many;
mod why;

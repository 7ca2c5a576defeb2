//! Use cases on real databases. Every story runs on SQLite and on PostgreSQL.
#[macro_use]
mod support;
#[macro_use]
mod fleet;
mod staged;

mod companies;
mod csv_import;
mod device_types;
mod devices;
mod imports;
mod locations;
mod node_classes;
mod organizations;
mod reconnect;
mod remote_locations;
mod sync;

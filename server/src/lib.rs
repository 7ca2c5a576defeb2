//! The parts of the `msportal` binary, as a library for its tests.

pub mod api;
pub mod assets;
pub mod auth;
pub mod changes;
pub mod cli;
pub mod csv;
pub mod demo;
pub mod device_list;
pub mod events;
pub mod logging;
pub mod reports;
pub mod router;
pub mod serve;

//! The server over HTTP: a real router on a free port, the simulator as NinjaOne, workers in this process.

#[macro_use]
mod support;

// Of the backend's tests: what the vendor has against what is held.
#[path = "../../../crates/backend/tests/it/judge.rs"]
#[allow(dead_code, reason = "these tests need some of it")]
mod judge;
#[path = "../../../crates/backend/tests/it/truth.rs"]
#[allow(dead_code, reason = "these tests need some of it")]
mod truth;

mod audit;
mod backups;
mod bodies;
mod canaries;
mod cancel;
mod crash;
mod csrf;
mod database_trouble;
mod demo;
mod deploy;
mod docs;
mod doors;
mod filters;
mod foreign;
mod forms;
mod front_door;
mod fuzz;
mod headers;
mod held_open;
mod if_match;
mod inert;
mod limited;
mod long_runs;
mod mails;
mod migrate;
mod once;
mod openapi;
mod operations;
mod pages;
mod permissions;
mod process;
mod programs;
mod reports;
mod restart;
mod secrets;
mod sessions;
mod setup;
mod shown;
mod story;
mod strangers;
mod tenants;
mod terminate;
mod tokens;
mod two_workers;
mod users;
mod vault;
mod vendor_down;
mod wire;

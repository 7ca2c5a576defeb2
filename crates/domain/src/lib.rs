//! Rules of MSPortal: the types that cross the wire and the pure functions that decide.
//!
//! Nothing here reads a clock, a file, a database or the network, and all of it compiles to wasm, so that the browser,
//! the server and the tests share one truth. Times are UTC, ids are typed UUIDv7, the vendor's own ids are strings.

#[macro_use]
mod wire;

pub mod api_token;
pub mod audit;
pub mod breaker;
pub mod clues;
pub mod company;
pub mod company_links;
pub mod company_overview;
pub mod compliance;
pub mod csv_import;
pub mod decision;
pub mod device;
pub mod device_edit;
pub mod device_labels;
pub mod device_list;
pub mod duplicates;
pub mod error;
pub mod ids;
pub mod import;
pub mod integration;
pub mod mapping;
pub mod matching;
pub mod number;
pub mod os;
pub mod page;
pub mod permissions;
pub mod remote;
pub mod role;
pub mod roles;
pub mod run;
pub mod schedule;
pub mod serial;
pub mod session;
pub mod sync;
pub mod user_agent;
pub mod users;
pub mod vendor;
pub mod view;
pub mod why;
pub mod wizard;

/// A moment in UTC, printed as RFC 3339 on the wire.
pub type Time = chrono::DateTime<chrono::Utc>;

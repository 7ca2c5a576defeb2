//! The simulator, asked over HTTP as a client would.
#![allow(clippy::disallowed_methods)]

mod admin;
mod client;
mod faults;
mod filters;
mod fleet;
mod paging;
mod reports;
mod rows;
mod schema;
mod scripts;
mod token;

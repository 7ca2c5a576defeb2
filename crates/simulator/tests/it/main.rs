//! The simulator, asked over HTTP as a client would.

mod admin;
mod client;
mod faults;
mod filters;
mod fleet;
mod kept;
mod moments;
mod paging;
mod reports;
mod rows;
mod schema;
mod scripts;
mod token;

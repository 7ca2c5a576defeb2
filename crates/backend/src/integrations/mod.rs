//! Connected accounts of vendors.

mod account;
mod breaker;
mod connect;
mod delete;
mod list;
mod row;
mod sources;

pub(crate) use account::open_account;
pub(crate) use row::IntegrationRow;

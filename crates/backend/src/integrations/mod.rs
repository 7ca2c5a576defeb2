//! Connected accounts of vendors.

mod account;
mod connect;
mod delete;
mod list;
mod row;

pub(crate) use account::open_account;
pub(crate) use row::IntegrationRow;

//! Device types: the kinds of device in the inventory.

pub mod api;
mod form;
mod list;
mod row;
mod tools;

pub use list::DeviceTypesPage;

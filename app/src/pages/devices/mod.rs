//! The inventory: the list of devices and one device.

pub mod api;
mod detail;
mod filters;
mod list;
mod row;
mod words;

pub use detail::DevicePage;
pub use list::DevicesPage;

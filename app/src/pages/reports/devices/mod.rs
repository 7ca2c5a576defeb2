//! The devices behind a number.

mod filters;
mod page;
mod row;

pub use page::ReportDevicesPage;

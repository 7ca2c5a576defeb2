//! Reports: how the fleet, its companies and its devices stand.

pub mod api;
mod companies;
mod company;
mod devices;
mod exception;
mod overview;
pub mod paths;
mod score;
mod stands_on;
mod trends;

pub use companies::CompanyScoresPage;
pub use company::CompanyReportPage;
pub use devices::ReportDevicesPage;
pub use exception::{ExceptionDialog, ExceptionState, Present, Wanted};
pub use overview::ReportsPage;
pub use score::{change_words, percent};
pub use trends::Trends;

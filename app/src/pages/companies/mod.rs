//! Companies, their PSA locations, and the import of both from CSV files.

pub mod api;
mod company_form;
mod coverage;
mod csv;
mod detail;
mod device_counts;
mod facts;
mod history;
mod limits;
mod list;
mod location;
mod location_form;
mod location_row;
mod location_tools;
mod locations;
mod merge;
mod overview;
mod row;
mod tools;
mod unmerge;

pub use csv::ImportCsvPage;
pub use detail::CompanyPage;
pub use limits::{Limits, LimitsField, limit_words};
pub use list::CompaniesPage;
pub use location::LocationPage;

//! Companies, their PSA locations, and the import of both from CSV files.

pub mod api;
mod company_form;
mod csv;
mod detail;
mod facts;
mod list;
mod location_form;
mod location_row;
mod location_tools;
mod locations;
mod row;
mod tools;

pub use csv::ImportCsvPage;
pub use detail::CompanyPage;
pub use list::CompaniesPage;

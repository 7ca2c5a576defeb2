//! The report of one company, on screen and on paper.

mod archived;
mod findings;
mod page;

pub use page::CompanyReportPage;

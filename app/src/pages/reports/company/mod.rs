//! The report of one company, on screen and on paper.

mod findings;
mod page;

pub use page::CompanyReportPage;

//! The import of companies and locations from CSV files: choose, preview, import.

mod file;
mod kind;
mod page;
mod problems;
mod report;
mod source;
mod words;

pub use page::ImportCsvPage;

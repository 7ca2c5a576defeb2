//! The rules of compliance, and exceptions from them.

pub mod api;
mod exceptions;
mod page;
mod rules;

pub use page::CompliancePage;

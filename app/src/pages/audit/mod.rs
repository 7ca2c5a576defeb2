//! Settings > Audit log: who did what to what, when and from where.

pub mod api;
mod check;
mod days;
mod filters;
mod page;
mod row;

pub use page::AuditPage;

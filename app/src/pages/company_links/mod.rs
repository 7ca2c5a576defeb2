//! Settings > Integrations > Companies: companies as rows, integrations as columns, organizations in the cells.

pub mod api;
mod cell;
mod page;
mod save;
mod table;

pub use page::CompanyLinksPage;

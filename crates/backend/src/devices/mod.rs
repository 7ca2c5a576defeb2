//! The inventory: its list, saved views of it, and its detail pages.

mod detail;
pub(crate) mod edit;
mod edits;
mod export;
mod filter;
pub(crate) mod fragment;
mod history;
mod list;

pub(crate) use edit::row::{EditRow, write_own_search_keys};
pub(crate) use fragment::STATUS;
pub(crate) mod pass;
mod plan;
mod raw;
mod search;
mod sources;
mod views;

pub use views::ViewInput;

//! The inventory: its list and its detail pages.

mod detail;
mod filter;
mod fragment;
mod list;

//! Devices that look like one machine: the list of pairs, and one pair side by side.

pub mod api;
mod choice;
mod compare;
mod decide;
mod fields;
mod heads;
mod list;
mod reasons;
mod row;

pub use compare::ComparePage;
pub use list::DuplicatesPage;

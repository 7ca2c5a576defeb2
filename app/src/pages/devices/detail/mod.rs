//! One device.

mod group;
mod groups;
mod notes;
mod page;

pub use page::DevicePage;

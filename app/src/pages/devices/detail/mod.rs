//! One device.

mod acts;
mod group;
mod groups;
mod history;
mod notes;
mod page;

pub use page::DevicePage;

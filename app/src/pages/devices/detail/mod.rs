//! One device.

mod group;
mod groups;
mod page;

pub use page::DevicePage;

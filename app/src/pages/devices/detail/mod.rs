//! One device.

mod acts;
mod group;
mod groups;
mod hardware;
mod history;
mod notes;
mod page;
mod raw;
mod standing;

pub use page::DevicePage;

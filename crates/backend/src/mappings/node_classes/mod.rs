//! Node classes and the device types that their devices get.

mod list;
mod quick;
mod save;

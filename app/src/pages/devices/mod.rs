//! The inventory: the list of devices and one device.

mod add;
mod address;
pub mod api;
mod bulk;
mod column_menu;
mod columns;
mod detail;
mod edit;
mod empty;
mod export_link;
mod filters;
mod list;
mod more;
mod row;
mod table;
pub mod views;
mod words;

use domain::device::SourceRef;
use leptos::prelude::Resource;

/// Where devices can come from.
type Sources = Resource<Vec<SourceRef>>;

pub use detail::DevicePage;
pub use edit::DeviceEditsPage;
pub use list::DevicesPage;
pub use words::status_words;

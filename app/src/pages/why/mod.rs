//! Why a device is where it is, or why it is not here.

pub mod api;
mod candidates;
mod chain;
mod link;
mod nothing;
mod page;

pub use page::WhyPage;

//! What is done with many devices at once.

mod bar;
mod owner;
mod state;

pub use bar::BulkBar;
pub use state::Bulk;

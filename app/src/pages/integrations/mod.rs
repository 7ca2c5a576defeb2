//! Settings > Integrations: the connected accounts.

pub mod api;
mod breaker;
mod card;
mod delete;
mod list;
mod notices;
mod stale;
mod sync_times;

pub use list::{Integrations, IntegrationsPage};
pub use notices::waiting;
pub use stale::Source;

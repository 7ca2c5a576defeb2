//! What stands where data would: nothing yet, an error, or loading.

mod empty_state;
mod error_box;
mod loading;
mod not_loaded;

pub use empty_state::EmptyState;
pub use error_box::ErrorBox;
pub use loading::Loading;
pub use not_loaded::NotLoaded;

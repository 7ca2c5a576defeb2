//! What stands where data would: nothing yet, an error, or loading.

mod empty_state;
mod error_box;
mod loading;

pub use empty_state::EmptyState;
pub use error_box::ErrorBox;
pub use loading::Loading;

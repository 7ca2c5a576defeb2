//! Saved views: a menu of them, a dialog that saves one, and what opens one by its address.

pub mod api;
mod dialog;
mod menu;
mod open;
mod state;

use crate::error::AppError;
use domain::view::SavedView;
use leptos::prelude::*;

pub use menu::ViewsMenu;
pub use open::OpenView;

/// The key of an open view in the address.
const VIEW: &str = "view";

/// The views that the user sees.
pub type Views = Resource<Result<Vec<SavedView>, AppError>>;

/// Reads the views.
pub fn list_of_views() -> Views {
    Resource::new(|| (), |()| api::list_views())
}

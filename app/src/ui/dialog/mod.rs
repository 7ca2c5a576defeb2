//! Dialogs on the browser's own `<dialog>`: it keeps focus inside, closes with Escape and gives focus back.

mod confirm;
mod edit_form;
mod modal;

pub use confirm::ConfirmDialog;
pub use edit_form::{CatchUp, EditForm};
pub use modal::Dialog;

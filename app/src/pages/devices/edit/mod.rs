//! Editing devices: the form of one, the way back, the list of edits.

mod edits;
mod form;
mod undo;
mod values;

pub use edits::DeviceEditsPage;
pub use form::DeviceDialog;
pub use undo::EditUndo;

//! Changes of rows, with the fields before and after: of a run, or held back.

mod filters;
mod section;
mod table;

pub use section::Changes;
pub use table::{ChangesTable, FieldLine};

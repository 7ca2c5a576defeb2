//! CSV files of companies and locations: reading them kindly, refusing line by line, and planning what to write.

mod header;
mod lines;
mod plan;
mod write;

pub(crate) use lines::{File, Line, Numbered, read};
pub(crate) use plan::{Known, Plan};
pub(crate) use write::{BOM, lines};

/// Rows of one statement. More would not pay: SQLite looks every parameter up by name, one after the other.
pub(crate) const CHUNK: usize = 150;

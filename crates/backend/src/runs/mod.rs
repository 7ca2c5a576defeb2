//! Runs: started, listed, watched, cancelled and executed.

mod changes;
mod context;
pub mod events;
mod execute;
mod row;
mod start;

pub(crate) use changes::{NewChange, record};
pub(crate) use context::RunContext;
pub use execute::execute;
pub(crate) use row::{RunRow, SELECT};
pub(crate) use start::{Selection, request, start};

//! Runs: started, listed, watched, paused, cancelled, executed and read afterwards.

mod changes;
mod checkpoint;
mod context;
mod control;
mod decide;
mod error_list;
mod errors;
pub mod events;
mod execute;
mod export;
mod follow;
mod held;
mod history;
mod note;
mod notice;
mod pace;
pub(crate) mod packs;
mod places;
mod questions;
mod report;
mod retry;
mod row;
mod start;
#[cfg(test)]
mod tests;

pub(crate) use changes::{NewChange, record, record_over};
pub(crate) use checkpoint::Place;
pub(crate) use context::RunContext;
pub(crate) use errors::{NewError, note_errors};
pub use execute::execute;
pub(crate) use follow::follow_up;
pub(crate) use places::{Reader, name_for as name_places_for};
pub(crate) use questions::{QuestionRow, SELECT as QUESTIONS, view as question};
pub use report::ChangeFilter;
pub(crate) use row::{RunRow, SELECT};
pub(crate) use start::{
    Request, Selection, insert, note_started, request, request_for_tick, stands_for_attempts, start,
};

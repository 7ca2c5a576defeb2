//! What a run held back: the question, the rows behind it, and the decision.

mod card;
mod data;
mod decision;
mod held;
mod outcome;
mod section;

pub use data::QuestionsOf;
pub use section::Questions;

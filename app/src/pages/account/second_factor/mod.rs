//! Switching the second factor on, step by step, changing it, and switching it off.

mod begin;
mod card;
mod codes;
mod confirm;
mod on;

pub use card::SecondFactorCard;

use domain::session::SecondFactorSetup;

/// How far somebody has come who switches it on, or goes on with another app.
#[derive(Clone)]
pub enum Step {
    Begin,
    Confirm(SecondFactorSetup),
    /// It is done, as the sentence says: the recovery codes are shown.
    Codes(Vec<String>, &'static str),
}

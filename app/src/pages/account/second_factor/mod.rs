//! Switching the second factor on, step by step, and off.

mod begin;
mod card;
mod codes;
mod confirm;
mod off;

pub use card::SecondFactorCard;

use domain::session::SecondFactorSetup;

/// How far somebody has come who switches it on.
#[derive(Clone)]
pub enum Step {
    Begin,
    Confirm(SecondFactorSetup),
    /// It is on: the recovery codes are shown.
    Codes(Vec<String>),
}

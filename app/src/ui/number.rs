//! Numbers for people.

pub use domain::number::{bytes, count, noun, things};

//! Numbers for people.

pub use domain::number::{bytes, count, memory, noun, speed, things};

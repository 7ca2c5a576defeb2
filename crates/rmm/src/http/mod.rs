//! The polite HTTP client that every vendor uses: it keeps a pace, waits when told to, tries again what may pass, reads
//! no more than it should, goes only where it may, and tells an observer what it waits for.

mod address;
mod answer;
pub mod base_url;
mod client;
pub mod pace;
mod pause;
pub mod policy;
pub mod problem;
mod resolve;
#[cfg(test)]
mod ssrf;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls;
mod trouble;

pub use answer::Answer;
pub use client::{Ask, Http};
pub use trouble::{Remedy, Trouble};

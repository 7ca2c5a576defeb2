//! The pages that links lead to: becoming a user, choosing a new password.

mod accept;
mod dead;
mod page;
mod reset;

pub use page::LinkPage;

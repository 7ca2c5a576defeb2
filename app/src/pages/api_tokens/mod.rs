//! Tokens that programs call the API with: which there are, making one, taking one away.

pub mod api;
mod create;
mod page;
mod revoke;
mod secret;
mod table;

pub use page::ApiTokensPage;

//! Step 1: region, credentials, connection test.

mod demo_box;
mod fields;
mod form;
mod form_state;
mod help;
mod outcome;
mod page;
mod region_cards;

pub use page::ConnectPage;

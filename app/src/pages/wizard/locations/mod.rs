//! Step 3: remote locations to PSA locations.

mod empty;
mod page;
mod row;
mod table;
mod toolbar;

pub use page::LocationsPage;

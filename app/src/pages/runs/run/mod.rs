//! One run: live while it goes on, then what proves it, what it held back, what it could not read and what it did.

mod again;
mod errors;
mod evidence;
mod facts;
mod page;
mod report;
mod results;
mod shown;

pub use page::RunPage;

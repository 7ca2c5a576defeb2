//! The whole fleet on one page.

mod checks;
mod fleet;
mod page;
mod worst;

pub use checks::Checks;
pub use fleet::Fleet;
pub use page::ReportsPage;

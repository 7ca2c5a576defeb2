//! Settings > Roles: what each role lets somebody do, and roles of the tenant's own.

pub mod api;
mod card;
mod choices;
mod delete;
mod form;
mod grid;
mod page;
mod tools;

pub use choices::use_role_options;
pub use page::RolesPage;

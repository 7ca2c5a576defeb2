//! Settings > Users: who may sign in, who is invited, what each may do; and the pages that links lead to.

pub mod api;
mod ask;
mod companies_dialog;
mod empty;
mod handed;
mod invite;
mod page;
mod role_dialog;
mod row;
mod row_menu;
mod rule;
mod sessions_dialog;
mod table;
mod tools;
mod visit;
mod words;

pub use page::UsersPage;
pub use visit::LinkPage;

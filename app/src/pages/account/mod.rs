//! The signed-in user's own account: password, second factor, sessions. Server functions are those of
//! [`super::session`].

mod page;
mod password_form;
mod profile;
mod second_factor;
mod sessions;

pub use page::AccountPage;

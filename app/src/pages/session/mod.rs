//! Before the portal: its set-up, and signing in.

pub mod api;
mod demo_box;
mod forgot;
mod form_card;
mod list;
mod mail_sent;
mod new_password;
mod password;
mod refused;
mod setup;
mod sign_in;
mod sign_up;
mod state_page;

pub use forgot::ForgotPage;
pub use form_card::FormCard;
pub use list::SessionList;
pub use new_password::NewPassword;
pub use password::strength;
pub use refused::Refused;
pub use setup::{SetupPage, SignUpPage};
pub use sign_in::SignInPage;

//! The tenants of an installation: the one that it was set up for, those that operators create, those that sign up.
//!
//! The single row of `portal` names the first one: commands that name no tenant mean it.

mod found;
mod hold;
mod operator;
mod sign_up;

pub(crate) use hold::hold;
pub use operator::TenantSummary;
pub(crate) use sign_up::no_sign_up;

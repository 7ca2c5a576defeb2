//! The people of a tenant: who there is and who is invited, what each may do, and who answers for the portal.

mod accept;
mod invite;
mod link;
mod list;
mod makers;
mod manage;
mod owner;
mod password;
mod target;

pub(crate) use invite::invite;
pub(crate) use link::{NewLink, dead};
pub(crate) use owner::make_owner;
pub(crate) use password::forget as forget_link;
pub(crate) use target::Target;

//! Roles that a tenant makes for itself, beside those that every tenant has.
//!
//! What a role allows is looked up for every request: a change counts at once for everybody who has it, and for their tokens.
//! Nobody hands out, takes or changes what they may not do themselves.

mod delete;
mod held;
mod limits;
mod list;
mod save;

pub(crate) use held::{Held, HeldRow, JOIN, OF_USER, role_of, stored};
pub(crate) use limits::{hold, refuse_late, within};

use crate::companies::records::Records;

const ROLES: Records = Records { table: "roles", noun: "role" };

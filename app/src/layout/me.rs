//! Who is signed in, for the pages inside the frame.

use domain::{role::Role, session::Me};
use leptos::prelude::*;

/// The signed-in user, tenant and role. Only inside [`super::Frame`].
pub fn use_me() -> Me {
    expect_context()
}

/// Whether the signed-in user may do what `role` may: what is not allowed is not shown.
pub fn may(role: Role) -> bool {
    use_me().role.includes(role)
}

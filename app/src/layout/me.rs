//! Who is signed in, for the pages inside the frame.

use domain::{
    permissions::{Area, Level},
    session::Me,
};
use leptos::prelude::*;

/// The signed-in user, tenant and role. Only inside [`super::Frame`].
pub fn use_me() -> Me {
    expect_context()
}

/// Whether the signed-in user may see an area: what is not allowed is not shown.
pub fn may_view(area: Area) -> bool {
    use_me().permissions.allow(area, Level::Read)
}

/// Whether the signed-in user may change what is in an area.
pub fn may_manage(area: Area) -> bool {
    use_me().permissions.allow(area, Level::Manage)
}

/// Whether the signed-in user is limited to some companies: what is about the whole portal is not theirs.
pub fn is_limited() -> bool {
    use_me().limited
}

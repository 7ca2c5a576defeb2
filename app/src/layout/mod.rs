//! What surrounds the pages: the signed-in frame with its guard, and the plain frame of set-up and sign-in.

mod allowed;
mod back_link;
mod frame;
mod gone;
mod me;
mod nav;
mod not_found;
mod page_head;
mod plain;
mod set_up_first;
mod sign_out;
mod theme;
mod top_bar;
mod user_menu;
mod way;

pub use allowed::may_open;
pub use back_link::BackLink;
pub use frame::Frame;
pub use gone::Gone;
pub use me::{is_limited, may_manage, may_view, use_me};
pub use nav::places;
pub use not_found::NotFound;
pub use page_head::{PageHead, provide_page_focus};
pub use plain::PlainFrame;
pub use theme::{THEME_SCRIPT, ThemeSwitch};
pub use way::Way;

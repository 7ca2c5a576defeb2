use crate::{layout::may_open, ui::menu::Menu};
use leptos::prelude::*;

/// Other pages about devices.
#[component]
pub fn MoreMenu() -> impl IntoView {
    let place = |href: &'static str, name: &'static str| {
        let link =
            || view! { <li><a class="rounded px-2 py-1.5 hover:bg-base-200" href=href>{name}</a></li> };
        may_open(href).then(link)
    };
    view! {
        <Menu label="More about devices" button="More".into_any()>
            <ul class="menu w-full p-0 text-sm">
                {place("/duplicates", "Duplicates")}
                {place("/devices/edits", "Edits of devices")}
                {place("/why", "Why is a device here, or not?")}
            </ul>
        </Menu>
    }
}

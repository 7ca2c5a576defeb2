use crate::ui::pending::is_on;
use leptos::prelude::*;

/// The frame around a table: it scrolls by itself when too wide, and is dimmed while new rows load.
#[component]
pub fn TableBox(#[prop(optional, into)] busy: Signal<bool>, children: Children) -> impl IntoView {
    view! {
        <div
            class="overflow-x-auto rounded-box border border-base-300 bg-base-100 transition-opacity"
            class=("opacity-60", move || is_on(busy))
            aria-busy=move || is_on(busy).to_string()
        >
            {children()}
        </div>
    }
}

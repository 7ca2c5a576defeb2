//! Buttons that show that they are at work and cannot be pressed twice.

use crate::ui::pending::is_on;
use leptos::prelude::*;

/// Submits the form around it. While `busy` it is disabled and shows a spinner.
#[component]
pub fn SubmitButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(default = "btn btn-primary")] class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class disabled=move || is_on(busy) || is_on(disabled) aria-busy=move || is_on(busy).to_string()>
            <Spinner busy />
            {move || label.try_get()}
        </button>
    }
}

/// Calls `on_press`, if what made it is still there. While `busy` it is disabled and shows a spinner.
#[component]
pub fn ActionButton(
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    on_press: Callback<()>,
    #[prop(default = "btn btn-sm")] class: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=class
            disabled=move || is_on(busy) || is_on(disabled)
            aria-busy=move || is_on(busy).to_string()
            on:click=move |_| _ = on_press.try_run(())
        >
            <Spinner busy />
            {move || label.try_get()}
        </button>
    }
}

/// A spinner while `busy`, nothing otherwise.
#[component]
pub fn Spinner(#[prop(into)] busy: Signal<bool>) -> impl IntoView {
    view! {
        <Show when=move || is_on(busy)>
            <span class="loading loading-spinner loading-xs" aria-hidden="true"></span>
        </Show>
    }
}

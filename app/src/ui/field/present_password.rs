use super::{FormErrors, TextField};
use leptos::prelude::*;

/// The password that somebody has. In: the `errors` of its form.
#[component]
pub fn PresentPassword(
    label: &'static str,
    value: RwSignal<String>,
    errors: FormErrors,
    #[prop(default = "password")] name: &'static str,
) -> impl IntoView {
    view! {
        <TextField
            label
            name
            kind="password"
            value
            required=true
            autocomplete="current-password"
            error=errors.about(name)
        />
    }
}

use super::{FormErrors, TextField};
use leptos::prelude::*;

/// A code of the second factor; `help` says of what. In: the `errors` of its form.
#[component]
pub fn CodeField(value: RwSignal<String>, help: &'static str, errors: FormErrors) -> impl IntoView {
    view! {
        <TextField
            label="Code"
            name="code"
            value
            required=true
            autocomplete="one-time-code"
            help
            error=errors.about("code")
        />
    }
}

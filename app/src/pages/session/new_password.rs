use super::password::strength;
use crate::ui::field::TextField;
use leptos::prelude::*;

/// A password that is chosen, with a word about how strong it is.
#[component]
pub fn NewPassword(password: RwSignal<String>, error: Signal<Option<String>>) -> impl IntoView {
    let hint = move || error.read().is_none().then(|| strength(&password.read()));
    view! {
        <div>
            <TextField label="Password" name="password" kind="password" value=password required=true autocomplete="new-password" error />
            <p class="mt-1 text-sm text-muted" role="status">{hint}</p>
        </div>
    }
}

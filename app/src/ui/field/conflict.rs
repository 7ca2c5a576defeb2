use crate::ui::{button::ActionButton, icon::Icon};
use leptos::prelude::*;

/// Says that somebody else changed the same thing first, and lets the user choose whose text stays.
/// Nothing typed is lost before that choice.
#[component]
pub fn ConflictNotice(
    #[prop(into)] busy: Signal<bool>,
    /// Takes over what the other one saved.
    on_reload: Callback<()>,
    /// Saves what is typed here over it.
    on_overwrite: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="alert alert-warning alert-soft items-start" role="alert">
            <Icon name="alert" class="mt-0.5 size-5 shrink-0" />
            <div class="grow">
                <p>"Somebody changed this while you were editing. What you typed is still here."</p>
                <div class="mt-2 flex flex-wrap gap-2">
                    <ActionButton label="Reload their version" busy on_press=on_reload />
                    <ActionButton label="Save mine anyway" busy on_press=on_overwrite />
                </div>
            </div>
        </div>
    }
}

use crate::ui::{
    button::SubmitButton,
    field::{ConflictNotice, FormError, FormErrors},
};
use leptos::prelude::*;

/// How the user settles a lost race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchUp {
    /// Take over what the other one saved.
    Reload,
    /// Save what is typed here over it.
    Overwrite,
}

/// The form of a dialog that edits one thing: general error, choice after a lost race, the fields (`children`), buttons.
#[component]
pub fn EditForm(
    open: RwSignal<bool>,
    errors: FormErrors,
    #[prop(into)] busy: Signal<bool>,
    on_save: Callback<()>,
    on_catch_up: Callback<CatchUp>,
    children: Children,
) -> impl IntoView {
    let conflict = errors.is_conflict();
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        on_save.run(());
    };
    view! {
        <form class="flex flex-col gap-3" on:submit=submit novalidate>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <Show when=move || conflict.get()>
                <ConflictNotice
                    busy
                    on_reload=Callback::new(move |()| on_catch_up.run(CatchUp::Reload))
                    on_overwrite=Callback::new(move |()| on_catch_up.run(CatchUp::Overwrite))
                />
            </Show>
            {children()}
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <SubmitButton label="Save" busy />
            </div>
        </form>
    }
}

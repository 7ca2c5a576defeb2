use crate::ui::field::{FieldsForm, FormError, FormErrors};
use leptos::prelude::*;

/// A card with a form for those who are not signed in, and, once it is `done`, what came of it in its place.
///
/// In: heading and the line below it, the form's errors, `outcome`; `children` are its fields and buttons. Out: `on_submit`.
#[component]
pub fn FormCard(
    #[prop(into)] title: String,
    #[prop(optional, into)] text: String,
    errors: FormErrors,
    on_submit: Callback<()>,
    #[prop(optional, into)] done: Signal<bool>,
    #[prop(optional, into)] outcome: ViewFn,
    children: Children,
) -> impl IntoView {
    let text =
        (!text.is_empty()).then(|| view! { <p class="mt-1 text-sm text-muted wrap-anywhere">{text}</p> });
    view! {
        <div class="card bg-base-100">
            <div role="status">
                <Show when=move || done.get()>
                    <div class="card-body gap-4">{outcome.run()}</div>
                </Show>
            </div>
            <FieldsForm errors on_submit class="card-body gap-4" hidden=done>
                <div>
                    <h1 class="text-2xl font-bold wrap-anywhere">{title}</h1>
                    {text}
                </div>
                <FormError text=errors.general() signed_out=errors.signed_out() />
                {children()}
            </FieldsForm>
        </div>
    }
}

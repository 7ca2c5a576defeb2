use super::FormErrors;
use leptos::prelude::*;

/// A form whose fields show what the server says of them.
///
/// In: `errors`; `children` are its fields and buttons. Out: `on_submit`, when what was said before is cleared. It never puts
/// its fields into the address.
#[component]
pub fn FieldsForm(
    errors: FormErrors,
    on_submit: Callback<()>,
    #[prop(default = "flex flex-col gap-3")] class: &'static str,
    #[prop(optional, into)] hidden: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let on_submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        errors.clear();
        on_submit.run(());
    };
    view! {
        <form
            method="post"
            class=class
            class:hidden=move || hidden.get()
            on:submit=on_submit
            on:input=move |ev| errors.typed(&ev)
            novalidate
        >
            {children()}
        </form>
    }
}

use crate::ui::{icon::Icon, sign_in::SignInLink};
use domain::session::Me;
use leptos::prelude::*;

const STILL_HERE: &str =
    "You are signed out. What you typed is still here: sign in in a new tab, then save again.";

/// What is wrong with a form as a whole, above its fields.
#[component]
pub fn FormError(
    #[prop(into)] text: Signal<Option<String>>,
    /// Whether the session has ended while the form was open.
    #[prop(optional, into)]
    signed_out: Signal<bool>,
) -> impl IntoView {
    // Who is not in yet is told about what was typed.
    let is_in = use_context::<Me>().is_some();
    let alert = move || {
        let out = is_in && signed_out.get();
        text.get().map(|text| {
            view! {
                <div class="alert alert-error alert-soft flex flex-wrap">
                    <Icon name="alert" class="size-5 shrink-0" />
                    <span class="min-w-0 flex-1 basis-52">{if out { STILL_HERE.to_owned() } else { text }}</span>
                    {out.then(|| view! { <SignInLink class="btn btn-sm" new_tab=true /> })}
                </div>
            }
        })
    };
    view! { <div role="alert" class="contents">{alert}</div> }
}

use crate::{
    error::AppError,
    ui::{icon::Icon, sign_in::SignInLink},
};
use leptos::prelude::*;

/// Beside the sentence; below it on a phone.
const BUTTON: &str = "btn btn-sm max-sm:col-start-2 max-sm:row-start-2 max-sm:justify-self-start";

/// Says what went wrong and offers to try again, or to sign in and come back when the session ended.
#[component]
pub fn ErrorBox(
    error: AppError,
    #[prop(optional)] retry: Option<Callback<()>>,
    /// Whether it stands beside something that was typed.
    #[prop(optional)]
    typed: bool,
) -> impl IntoView {
    let signed_out = error.is_unauthenticated();
    let again = retry.filter(|_| !signed_out && !error.is_not_found()).map(|retry| {
        view! { <button type="button" class=BUTTON on:click=move |_| _ = retry.try_run(())>"Try again"</button> }
    });
    let sign_in = signed_out.then(|| view! { <SignInLink class=BUTTON new_tab=typed /> });
    let reference =
        error.error.id.clone().map(|id| view! { <p class="text-xs">"Reference: " <code>{id}</code></p> });
    view! {
        <div class="alert alert-error alert-soft items-start" role="alert">
            <Icon name="alert" class="mt-0.5 size-5 shrink-0" />
            <div class="grow">
                <p>{error.message().to_owned()}</p>
                {reference}
            </div>
            {again}
            {sign_in}
        </div>
    }
}

use super::Step;
use crate::{
    pages::session::api::begin_second_factor,
    ui::{
        button::SubmitButton,
        field::{FieldsForm, FormError, FormErrors, PresentPassword},
    },
};
use leptos::prelude::*;

/// The first step: the password, so that nobody else at this screen switches it on.
#[component]
pub fn Begin(step: RwSignal<Step>) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let errors = FormErrors::new(&["password"]);
    let begin = Action::new(move |password: &String| {
        let password = password.clone();
        async move {
            match begin_second_factor(password, None).await {
                Ok(setup) => _ = step.try_set(Step::Confirm(setup)),
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = Callback::new(move |()| _ = begin.dispatch(password.get_untracked()));
    view! {
        <FieldsForm errors on_submit>
            <p class="text-sm">
                "With it, signing in takes a code of an app on your phone besides the password. A stolen password alone is worth nothing then."
            </p>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <PresentPassword label="Your password" value=password errors />
            <div><SubmitButton label="Set up an authenticator app" busy=begin.pending() /></div>
        </FieldsForm>
    }
}

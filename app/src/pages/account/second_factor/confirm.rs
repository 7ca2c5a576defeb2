use super::Step;
use crate::{
    pages::session::api::confirm_second_factor,
    ui::{
        button::SubmitButton,
        field::{FieldsForm, FormError, FormErrors, TextField},
    },
};
use domain::session::SecondFactorSetup;
use leptos::prelude::*;

/// The second step: the secret for the app, and a code that shows that it has arrived there. `replaces` says that another app counts
/// until then.
#[component]
pub fn Confirm(setup: SecondFactorSetup, step: RwSignal<Step>, replaces: bool) -> impl IntoView {
    let (label, done) = match replaces {
        true => ("Use this app", "The other app counts from now on. Your other sessions have ended."),
        false => ("Switch on", "The second factor is on. Your other sessions have ended."),
    };
    let code = RwSignal::new(String::new());
    let errors = FormErrors::new(&["code"]);
    let confirm = Action::new(move |code: &String| {
        let code = code.clone();
        async move {
            match confirm_second_factor(code).await {
                Ok(codes) => _ = step.try_set(Step::Codes(codes, done)),
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = Callback::new(move |()| _ = confirm.dispatch(code.get_untracked()));
    view! {
        <FieldsForm errors on_submit>
            <p class="text-sm">"Scan this with your authenticator app, or type the key into it. Then enter the code that it shows."</p>
            <svg
                role="img"
                aria-label="QR code for the authenticator app"
                viewBox=format!("0 0 {0} {0}", setup.modules)
                shape-rendering="crispEdges"
                class="size-48 max-w-full rounded bg-white"
            >
                <path d=setup.picture fill="#000" />
            </svg>
            <p class="text-sm">
                "Key: "
                <code class="font-mono break-all" data-testid="second-factor-key">{setup.key}</code>
            </p>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <TextField label="Code" name="code" value=code required=true autocomplete="one-time-code" error=errors.about("code") />
            <div class="flex flex-wrap gap-2">
                <SubmitButton label busy=confirm.pending() />
                <button type="button" class="btn" on:click=move |_| step.set(Step::Begin)>"Cancel"</button>
            </div>
        </FieldsForm>
    }
}

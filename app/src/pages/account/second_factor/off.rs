use crate::{
    pages::session::api::remove_second_factor,
    ui::{
        button::SubmitButton,
        field::{FieldsForm, FormError, FormErrors, TextField},
        time::When,
        toast::use_toasts,
    },
};
use domain::session::SecondFactor;
use leptos::prelude::*;

/// Since when it is on, what is left of the recovery codes, and switching it off.
#[component]
pub fn SwitchOff(found: SecondFactor, on_changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = FormErrors::new(&["password", "code"]);
    let remove = Action::new(move |(password, code): &(String, String)| {
        let (password, code) = (password.clone(), code.clone());
        async move {
            match remove_second_factor(password, code).await {
                Ok(()) => {
                    toasts.success("The second factor is off.");
                    _ = on_changed.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit =
        Callback::new(move |()| _ = remove.dispatch((password.get_untracked(), code.get_untracked())));
    let left = match found.recovery_codes {
        1 => "1 recovery code is left.".to_owned(),
        n => format!("{n} recovery codes are left."),
    };
    view! {
        <FieldsForm errors on_submit>
            <p class="text-sm">
                "Signing in takes a code of your authenticator app since " {found.since.map(|since| view! { <When time=since /> })} ". " {left}
                " For new ones, switch it off and on again."
            </p>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <TextField
                label="Your password"
                name="password"
                kind="password"
                value=password
                required=true
                autocomplete="current-password"
                error=errors.about("password")
            />
            <TextField
                label="Code"
                name="code"
                value=code
                required=true
                autocomplete="one-time-code"
                help="Of the app, or a recovery code."
                error=errors.about("code")
            />
            <div><SubmitButton label="Switch off" busy=remove.pending() class="btn btn-error btn-outline" /></div>
        </FieldsForm>
    }
}

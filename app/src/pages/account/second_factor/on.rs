use super::Step;
use crate::{
    error::AppError,
    pages::session::api::{begin_second_factor, new_recovery_codes, remove_second_factor},
    ui::{
        button::{ActionButton, SubmitButton},
        field::{CodeField, FieldsForm, FormError, FormErrors, PresentPassword},
        time::When,
        toast::use_toasts,
    },
};
use domain::session::SecondFactor;
use leptos::prelude::*;

/// What can be done while it is on; each takes the password and a code.
#[derive(Clone, Copy, PartialEq)]
enum Wish {
    OtherApp,
    NewCodes,
    Off,
}

/// The step that a wish leads to.
async fn carry_out(wish: Wish, password: String, code: String) -> Result<Step, AppError> {
    Ok(match wish {
        Wish::OtherApp => Step::Confirm(begin_second_factor(password, Some(code)).await?),
        Wish::NewCodes => Step::Codes(
            new_recovery_codes(password, code).await?,
            "These are your recovery codes now. Those of before are worth nothing any more.",
        ),
        Wish::Off => {
            remove_second_factor(password, code).await?;
            Step::Begin
        }
    })
}

/// Since when it is on, what is left of the recovery codes; another app, new codes, and switching it off.
#[component]
pub fn WhileOn(found: SecondFactor, step: RwSignal<Step>, on_changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = FormErrors::new(&["password", "code"]);
    let wished = RwSignal::new(Wish::OtherApp);
    let act = Action::new(move |(wish, password, code): &(Wish, String, String)| {
        let (wish, password, code) = (*wish, password.clone(), code.clone());
        async move {
            match carry_out(wish, password, code).await {
                Ok(Step::Begin) => {
                    toasts.success("The second factor is off.");
                    _ = on_changed.try_run(());
                }
                Ok(next) => _ = step.try_set(next),
                Err(error) => errors.set(error),
            }
        }
    });
    let pending = act.pending();
    let press = move |wish: Wish| {
        Callback::new(move |()| {
            errors.clear();
            wished.set(wish);
            _ = act.dispatch((wish, password.get_untracked(), code.get_untracked()));
        })
    };
    let busy = move |wish: Wish| {
        Signal::derive(move || {
            pending.try_get().unwrap_or_default() && wished.try_get().is_some_and(|now| now == wish)
        })
    };
    let left = match found.recovery_codes {
        1 => "1 recovery code is left.".to_owned(),
        n => format!("{n} recovery codes are left."),
    };
    view! {
        <FieldsForm errors on_submit=press(Wish::OtherApp)>
            <p class="text-sm">
                "Signing in takes a code of your authenticator app since " {found.since.map(|since| view! { <When time=since /> })} ". " {left}
                " With your password and a code you can change it."
            </p>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <PresentPassword label="Your password" value=password errors />
            <CodeField value=code help="Of the app, or a recovery code." errors />
            <div class="flex flex-wrap gap-2">
                <SubmitButton label="Set up another app" busy=busy(Wish::OtherApp) disabled=pending />
                <ActionButton
                    label="New recovery codes"
                    busy=busy(Wish::NewCodes)
                    disabled=pending
                    on_press=press(Wish::NewCodes)
                    class="btn"
                />
                <ActionButton
                    label="Switch off"
                    busy=busy(Wish::Off)
                    disabled=pending
                    on_press=press(Wish::Off)
                    class="btn btn-error btn-outline"
                />
            </div>
        </FieldsForm>
    }
}

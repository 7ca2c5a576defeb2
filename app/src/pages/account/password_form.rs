use crate::{
    pages::session::{api::change_password, strength},
    ui::{
        button::SubmitButton,
        field::{FieldsForm, FormError, FormErrors, PresentPassword, TextField},
        toast::use_toasts,
    },
};
use leptos::prelude::*;

/// Changes the password. `on_changed` is called afterwards: all other sessions have ended.
#[component]
pub fn PasswordForm(on_changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = FormErrors::new(&["current", "new"]);
    let save = Action::new(move |(old, chosen): &(String, String)| {
        let (old, chosen) = (old.clone(), chosen.clone());
        async move {
            match change_password(old, chosen).await {
                Ok(_) => {
                    _ = (current.try_set(String::new()), new.try_set(String::new()));
                    toasts.success("Your password is changed. All your other sessions have ended.");
                    _ = on_changed.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit =
        Callback::new(move |()| _ = save.dispatch((current.get_untracked(), new.get_untracked())));
    let wrong = errors.about("new");
    let hint = move || wrong.read().is_none().then(|| strength(&new.read()));
    view! {
        <section class="card bg-base-100" aria-labelledby="account-password">
            <FieldsForm errors on_submit class="card-body gap-3 p-4">
                <h2 id="account-password" class="text-lg font-semibold">"Password"</h2>
                <FormError text=errors.general() signed_out=errors.signed_out() />
                <PresentPassword label="Present password" name="current" value=current errors />
                <div>
                    <TextField label="New password" name="new" kind="password" value=new required=true autocomplete="new-password" error=wrong />
                    <p class="mt-1 text-sm text-muted" role="status">{hint}</p>
                </div>
                <div><SubmitButton label="Change password" busy=save.pending() /></div>
            </FieldsForm>
        </section>
    }
}

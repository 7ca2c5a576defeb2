use super::{
    password_form::PasswordForm, profile::Profile, second_factor::SecondFactorCard, sessions::SessionsCard,
};
use crate::{
    layout::{PageHead, use_me},
    pages::session::api::list_sessions,
    ui::icon::Icon,
};
use leptos::prelude::*;

/// Who is signed in, with which password and second factor, and where; only the second factor, while it is missing.
#[component]
pub fn AccountPage() -> impl IntoView {
    match use_me().second_factor_missing {
        true => view! { <SetUpFirst /> }.into_any(),
        false => view! { <WholeAccount /> }.into_any(),
    }
}

/// For who has to set up a second factor before anything else. Afterwards the portal is loaded anew.
#[component]
fn SetUpFirst() -> impl IntoView {
    let go_on = Callback::new(|()| _ = window().location().set_href("/"));
    view! {
        <PageHead title="One more step" text="This portal requires a second factor, and you have none yet." />
        <div class="alert alert-info alert-soft mb-4 items-start">
            <Icon name="info" class="mt-0.5 size-5 shrink-0" />
            <p>"Set it up with an authenticator app on your phone. Then the portal is yours to use."</p>
        </div>
        <SecondFactorCard on_changed=go_on />
    }
}

#[component]
fn WholeAccount() -> impl IntoView {
    let sessions = Resource::new(|| (), |()| list_sessions(None));
    let again = Callback::new(move |()| sessions.refetch());
    view! {
        <PageHead title="Account" text="How you sign in, and where you are signed in." />
        <div class="flex flex-col gap-4">
            <Profile />
            <div class="grid items-start gap-4 lg:grid-cols-2">
                <PasswordForm on_changed=again />
                <SecondFactorCard on_changed=again />
            </div>
            <SessionsCard sessions again />
        </div>
    }
}

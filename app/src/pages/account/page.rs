use super::{
    password_form::PasswordForm, profile::Profile, second_factor::SecondFactorCard, sessions::SessionsCard,
};
use crate::{layout::PageHead, pages::session::api::list_sessions};
use leptos::prelude::*;

/// Who is signed in, with which password and second factor, and where.
#[component]
pub fn AccountPage() -> impl IntoView {
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

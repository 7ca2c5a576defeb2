use crate::{
    error::AppError,
    pages::session::{SessionList, api::revoke_other_sessions},
    ui::{button::ActionButton, table::Loaded, toast::use_toasts},
};
use domain::session::SessionView;
use leptos::prelude::*;

type Sessions = Resource<Result<Vec<SessionView>, AppError>>;

/// Where the user is signed in, and the way to end that. `again` reads the list anew.
#[component]
pub fn SessionsCard(sessions: Sessions, again: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let others = Action::new(move |(): &()| async move {
        match revoke_other_sessions(None).await {
            Ok(_) => toasts.success("All your other sessions have ended."),
            Err(error) => toasts.refused(&error),
        }
        _ = again.try_run(());
    });
    let on_ended = Callback::new(move |ended: Result<(), AppError>| {
        match ended {
            Ok(()) => toasts.success("The session has ended."),
            Err(error) => toasts.refused(&error),
        }
        _ = again.try_run(());
    });
    let rows = move |found| view! { <SessionList found caption="Your sessions" on_ended /> }.into_any();
    view! {
        <section class="card bg-base-100" aria-labelledby="account-sessions">
            <div class="card-body gap-3 p-4">
                <div class="flex flex-wrap items-start justify-between gap-2">
                    <div>
                        <h2 id="account-sessions" class="text-lg font-semibold">"Sessions"</h2>
                        <p class="text-sm text-muted">
                            "End what you do not recognise, and change your password. A session ends by itself after 3 days without use, and after 14 days."
                        </p>
                    </div>
                    <ActionButton label="Sign out everywhere else" busy=others.pending() on_press=Callback::new(move |()| _ = others.dispatch(())) />
                </div>
                <Loaded read=sessions rows=2 columns=4 show=rows retry=again />
            </div>
        </section>
    }
}

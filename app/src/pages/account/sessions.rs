use crate::{
    error::AppError,
    pages::session::api::{revoke_other_sessions, revoke_session},
    ui::{
        badge::{Badge, Tone},
        button::ActionButton,
        table::{Loaded, TableBox},
        time::{Ago, When},
        toast::use_toasts,
    },
};
use domain::{ids::SessionId, session::SessionView};
use leptos::prelude::*;

type Sessions = Resource<Result<Vec<SessionView>, AppError>>;

/// Where the user is signed in, and the way to end that. `again` reads the list anew.
#[component]
pub fn SessionsCard(sessions: Sessions, again: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let others = Action::new(move |(): &()| async move {
        match revoke_other_sessions(None).await {
            Ok(_) => toasts.success("All your other sessions have ended."),
            Err(error) => toasts.error(error.message()),
        }
        _ = again.try_run(());
    });
    let rows = move |found: Vec<SessionView>| view! { <Rows found again /> }.into_any();
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

#[component]
fn Rows(found: Vec<SessionView>, again: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let end = Action::new(move |id: &SessionId| {
        let id = *id;
        async move {
            match revoke_session(id).await {
                Ok(()) => toasts.success("The session has ended."),
                Err(error) => toasts.error(error.message()),
            }
            _ = again.try_run(());
        }
    });
    let rows = found.into_iter().map(|session| view! { <Row session end /> }).collect_view();
    view! {
        <TableBox>
            <table class="table table-sm">
                <caption class="sr-only">"Your sessions"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Browser or program"</th>
                        <th scope="col" class="max-sm:hidden">"Address"</th>
                        <th scope="col" class="max-sm:hidden">"Signed in"</th>
                        <th scope="col" class="max-sm:hidden">"Last used"</th>
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
    }
}

#[component]
fn Row(session: SessionView, end: Action<SessionId, ()>) -> impl IntoView {
    let id = session.id;
    let address = session.address.unwrap_or_else(|| "Unknown".to_owned());
    let action = match session.present {
        true => view! { <Badge tone=Tone::Success label="This session" /> }.into_any(),
        false => view! {
            <button
                type="button"
                class="btn btn-ghost btn-xs"
                aria-label=format!("End the session of {} from {address}", session.client)
                on:click=move |_| _ = end.dispatch(id)
            >
                "End"
            </button>
        }
        .into_any(),
    };
    view! {
        <tr data-session-id=id.to_string()>
            <th scope="row" class="font-medium wrap-anywhere">
                {session.client}
                <span class="block text-xs font-normal text-muted sm:hidden">{address.clone()} ", " <Ago time=session.last_used_at /></span>
            </th>
            <td class="max-sm:hidden">{address}</td>
            <td class="max-sm:hidden"><When time=session.created_at /></td>
            <td class="max-sm:hidden"><Ago time=session.last_used_at /></td>
            <td class="num">{action}</td>
        </tr>
    }
}

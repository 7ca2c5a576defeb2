use super::api::revoke_session;
use crate::{
    error::AppError,
    ui::{
        badge::{Badge, Tone},
        table::TableBox,
        time::{Ago, When},
        toast::use_toasts,
    },
};
use domain::{ids::SessionId, session::SessionView};
use leptos::prelude::*;

/// Where somebody is signed in, each with the way to end it. In: what the table is called to those who do not see it. Out:
/// `on_ended`, with what came of it.
#[component]
pub fn SessionList(
    found: Vec<SessionView>,
    #[prop(into)] caption: String,
    on_ended: Callback<Result<(), AppError>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let end = Action::new(move |id: &SessionId| {
        let id = *id;
        async move {
            let ended = revoke_session(id).await;
            // Who has gone elsewhere meanwhile is told there.
            if on_ended.try_run(ended.clone()).is_none() {
                match ended {
                    Ok(()) => toasts.success("The session has ended."),
                    Err(error) => toasts.refused(&error),
                }
            }
        }
    });
    let rows = found.into_iter().map(|session| view! { <Row session end /> }).collect_view();
    view! {
        <TableBox>
            <table class="table table-sm">
                <caption class="sr-only">{caption}</caption>
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

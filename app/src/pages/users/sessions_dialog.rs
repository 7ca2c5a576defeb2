use super::tools::UserTools;
use crate::{
    pages::session::{
        SessionList,
        api::{list_sessions, revoke_other_sessions},
    },
    ui::{button::ActionButton, dialog::Dialog, table::Loaded, toast::use_toasts},
};
use domain::{ids::UserId, session::SessionView};
use leptos::prelude::*;

/// The dialog with the places where a user is signed in.
#[component]
pub fn SessionsDialog(tools: UserTools) -> impl IntoView {
    let name = Memo::new(move |_| {
        tools.sessions_of.with(|of| of.as_ref().map(|m| m.called().to_owned()).unwrap_or_default())
    });
    let user = move || tools.sessions_of.with(|of| of.as_ref().and_then(|m| m.user_id));
    view! {
        <Dialog open=tools.sessions title=Signal::derive(move || format!("Sessions of {}", name.get()))>
            {move || user().map(|id| view! { <Sessions id name=name.get() open=tools.sessions /> })}
        </Dialog>
    }
}

#[component]
fn Sessions(id: UserId, name: String, open: RwSignal<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let sessions = Resource::new(|| (), move |()| list_sessions(Some(id)));
    let again = Callback::new(move |()| sessions.refetch());
    let all = {
        let name = name.clone();
        Action::new(move |(): &()| {
            let name = name.clone();
            async move {
                match revoke_other_sessions(Some(id)).await {
                    Ok(_) => toasts.success(format!("{name} is signed out everywhere.")),
                    Err(error) => toasts.error(error.message()),
                }
                _ = again.try_run(());
            }
        })
    };
    let caption = StoredValue::new(format!("Sessions of {name}"));
    let nowhere = StoredValue::new(format!("{name} is signed in nowhere."));
    let show = move |found: Vec<SessionView>| match found.is_empty() {
        true => view! { <p class="text-sm" role="status">{nowhere.get_value()}</p> }.into_any(),
        false => view! { <SessionList found caption=caption.get_value() again /> }.into_any(),
    };
    view! {
        <p class="mb-3 text-sm text-muted">
            "Whoever is signed out here signs in again. To keep somebody out, reset the password, or deactivate them."
        </p>
        <Loaded read=sessions rows=2 columns=3 show retry=again />
        <div class="modal-action">
            <button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button>
            <ActionButton label="Sign out everywhere" busy=all.pending() on_press=Callback::new(move |()| _ = all.dispatch(())) />
        </div>
    }
}

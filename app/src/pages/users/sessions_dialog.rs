use super::tools::UserTools;
use crate::{
    error::AppError,
    pages::session::{
        SessionList,
        api::{list_sessions, revoke_other_sessions},
    },
    ui::{button::ActionButton, dialog::Dialog, table::Loaded, toast::use_toasts},
};
use domain::{ids::UserId, session::SessionView};
use leptos::{html, prelude::*};

/// The dialog with the places where a user is signed in.
#[component]
pub fn SessionsDialog(tools: UserTools) -> impl IntoView {
    let name = Memo::new(move |_| {
        tools.sessions_of.with(|of| of.as_ref().map(|m| m.called().to_owned()).unwrap_or_default())
    });
    let user = move || tools.sessions_of.with(|of| of.as_ref().and_then(|m| m.user_id));
    view! {
        <Dialog open=tools.sessions class="modal-box max-w-3xl" title=Signal::derive(move || format!("Sessions of {}", name.get()))>
            {move || user().map(|id| view! { <Sessions id name=name.get() /> })}
        </Dialog>
    }
}

/// What is done is said in the dialog: toasts are behind it.
#[component]
fn Sessions(id: UserId, name: String) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let line = NodeRef::<html::P>::new();
    let sessions = Resource::new(|| (), move |()| list_sessions(Some(id)));
    let again = Callback::new(move |()| sessions.refetch());
    let tell = Callback::new(move |words: String| {
        said.set(words);
        // The button that was pressed may be gone with its row.
        if let Some(line) = line.get_untracked() {
            _ = line.focus();
        }
        again.run(());
    });
    let on_ended = Callback::new(move |ended: Result<(), AppError>| {
        let words =
            ended.map_or_else(|error| error.message().to_owned(), |()| "The session has ended.".into());
        _ = tell.try_run(words);
    });
    let names = StoredValue::new(name);
    let toasts = use_toasts();
    let all = Action::new(move |(): &()| {
        let done = format!("{} is signed out everywhere.", names.get_value());
        async move {
            let ended = revoke_other_sessions(Some(id)).await;
            let words = ended.as_ref().map_or_else(|error| error.message().to_owned(), |_| done);
            // The dialog may be closed by now.
            if tell.try_run(words.clone()).is_none() {
                match ended {
                    Ok(_) => toasts.success(words),
                    Err(_) => toasts.error(words),
                }
            }
        }
    });
    let show = move |found: Vec<SessionView>| {
        let name = names.get_value();
        match found.is_empty() {
            true => view! { <p class="text-sm">{format!("{name} is signed in nowhere.")}</p> }.into_any(),
            false => {
                let caption = format!("Sessions of {name}");
                view! { <SessionList found caption on_ended /> }.into_any()
            }
        }
    };
    view! {
        <p class="mb-3 text-sm text-muted">
            "Whoever is signed out here signs in again. To keep somebody out, reset the password, or deactivate them."
        </p>
        <Loaded read=sessions rows=2 columns=3 show retry=again />
        <p node_ref=line tabindex="-1" role="status" class="mt-3 min-h-5 text-sm font-medium outline-none">
            {move || said.get()}
        </p>
        <div class="modal-action">
            <ActionButton label="Sign out everywhere" busy=all.pending() on_press=Callback::new(move |()| _ = all.dispatch(())) />
        </div>
    }
}

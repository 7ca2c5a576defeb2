use super::tools::UserTools;
use crate::ui::{copy_button::CopyButton, dialog::Dialog, time::absolute};
use domain::users::UserLink;
use leptos::prelude::*;

/// A link that an administrator hands over, or that is mailed, with what it does.
#[derive(Clone, PartialEq)]
pub struct Handed {
    title: String,
    text: String,
    link: UserLink,
}

impl Handed {
    /// Of somebody who is invited.
    pub fn invitation(name: &str, link: UserLink) -> Self {
        let text = match link.mailed {
            true => format!(
                "A mail with a link is on its way to {name}. Whoever opens it first becomes the user. If it does not arrive, choose Send again in the menu of the invitation."
            ),
            false => format!("Send this link to {name}. Whoever opens it first becomes the user."),
        };
        Self { title: format!("Invitation for {name}"), text, link }
    }

    /// Of somebody who chooses a new password.
    pub fn password(name: &str, link: UserLink) -> Self {
        let text = match link.mailed {
            true => format!(
                "A mail with a link is on its way to {name}. Whoever opens it first chooses the password. If it does not arrive, choose Reset password once more."
            ),
            false => format!("Send this link to {name}. Whoever opens it first chooses the password."),
        };
        Self { title: format!("New password for {name}"), text, link }
    }
}

/// The link itself, once: the portal keeps no more than its hash. Or to whom it is mailed.
#[component]
pub fn HandedDialog(tools: UserTools) -> impl IntoView {
    let title = Signal::derive(move || tools.handed.get().map(|handed| handed.title).unwrap_or_default());
    view! {
        <Dialog open=tools.handing title>
            {move || tools.handed.get().map(|handed| view! { <Link handed open=tools.handing /> })}
        </Dialog>
    }
}

#[component]
fn Link(handed: Handed, open: RwSignal<bool>) -> impl IntoView {
    let until = absolute(handed.link.expires_at);
    let (link, once) = match handed.link.link {
        Some(link) => (
            Some(view! { <ToCopy link=whole(&link) /> }),
            format!("It works once, until {until}. It is not shown again; if it is lost, make a new one."),
        ),
        None => (None, format!("The link works once, until {until}.")),
    };
    view! {
        <p class="mb-3 text-sm">{handed.text}</p>
        {link}
        <p class="text-sm text-muted">{once}</p>
        <div class="modal-action">
            <button type="button" class="btn btn-primary" on:click=move |_| open.set(false)>"Done"</button>
        </div>
    }
}

#[component]
fn ToCopy(link: String) -> impl IntoView {
    view! {
        <div class="mb-3 flex items-start gap-2 rounded-box border border-base-300 bg-base-200 p-3">
            <code class="grow text-sm break-all select-all" data-testid="handed-link">{link.clone()}</code>
            <CopyButton label="Link".to_owned() text=link />
        </div>
    }
}

/// A path of this portal with the portal's address before it. Dialogs open in the browser only.
fn whole(link: &str) -> String {
    match link.strip_prefix('/') {
        Some(_) => format!("{}{link}", window().location().origin().unwrap_or_default()),
        None => link.to_owned(),
    }
}

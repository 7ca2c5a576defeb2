use super::tools::{Act, UserTools};
use crate::ui::dialog::ConfirmDialog;
use leptos::prelude::*;

/// Asks before something is done that shuts somebody out or cannot be taken back.
#[component]
pub fn AskFirst(tools: UserTools) -> impl IntoView {
    let words = Memo::new(move |_| {
        tools.asked.with(|asked| asked.as_ref().map(|(act, m)| question(*act, m.called())))
    });
    let part =
        move |pick: fn(Question) -> String| Signal::derive(move || words.get().map(pick).unwrap_or_default());
    let confirm = move |()| {
        if let Some((act, member)) = tools.asked.get_untracked() {
            tools.go(act, member);
        }
    };
    view! {
        <ConfirmDialog
            open=tools.asking
            title=part(|q| q.title)
            text=part(|q| q.text.to_owned())
            confirm=part(|q| q.confirm.to_owned())
            busy=tools.busy()
            on_confirm=Callback::new(confirm)
        />
    }
}

/// What is asked.
#[derive(Clone, PartialEq)]
struct Question {
    title: String,
    text: &'static str,
    confirm: &'static str,
}

fn question(act: Act, name: &str) -> Question {
    let (title, text, confirm) = match act {
        Act::Withdraw => (
            format!("Withdraw the invitation of {name}?"),
            "The link stops working. You can invite the same address again.",
            "Withdraw",
        ),
        Act::ResetPassword => (
            format!("Reset the password of {name}?"),
            "They get a mail with a link; where this portal sends no mails, you get the link to hand over. It works once, within 24 hours. Until it is used, the present password works.",
            "Make a link",
        ),
        Act::ResetSecondFactor => (
            format!("Reset the second factor of {name}?"),
            "They are signed out, and sign in with the password alone. Make sure that it is them who ask.",
            "Reset",
        ),
        Act::HandOver => (
            format!("Hand the portal over to {name}?"),
            "They answer for the portal then, and nobody else can remove them. You stay an administrator; only they can give it back.",
            "Hand over",
        ),
        Act::Deactivate => (
            format!("Deactivate {name}?"),
            "They are signed out at once and cannot sign in. What they did stays, and you can activate them again.",
            "Deactivate",
        ),
        Act::InviteAgain => {
            (format!("Invite {name} again?"), "The earlier link stops working.", "Make a link")
        }
        Act::Activate => {
            (format!("Activate {name}?"), "They sign in with their password from before.", "Activate")
        }
    };
    Question { title, text, confirm }
}

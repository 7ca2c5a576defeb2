//! How somebody stands, in words.

use crate::{layout::role_words, ui::badge::Tone};
use domain::{
    role::Role,
    users::{MailState, MemberState},
};

/// Color and words of a state.
pub fn state_words(state: MemberState) -> (Tone, &'static str) {
    match state {
        MemberState::Active => (Tone::Success, "Active"),
        MemberState::Invited => (Tone::Info, "Invited"),
        MemberState::Expired => (Tone::Warning, "Invitation expired"),
        MemberState::Deactivated => (Tone::Neutral, "Deactivated"),
    }
}

/// Color and words of how the mail with somebody's link stands.
pub fn mail_words(state: MailState) -> (Tone, &'static str) {
    match state {
        MailState::Waiting => (Tone::Neutral, "Mail on its way"),
        MailState::Sent => (Tone::Neutral, "Mail sent"),
        MailState::Failed => (Tone::Warning, "Mail failed"),
    }
}

/// The roles as options of a select.
pub fn role_options() -> Vec<(String, String)> {
    Role::ALL.iter().map(|role| (role.to_string(), role_words(*role).to_owned())).collect()
}

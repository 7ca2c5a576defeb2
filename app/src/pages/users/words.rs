//! How somebody stands, in words.

use crate::{layout::role_words, ui::badge::Tone};
use domain::{role::Role, users::MemberState};

/// Color and words of a state.
pub fn state_words(state: MemberState) -> (Tone, &'static str) {
    match state {
        MemberState::Active => (Tone::Success, "Active"),
        MemberState::Invited => (Tone::Info, "Invited"),
        MemberState::Expired => (Tone::Warning, "Invitation expired"),
        MemberState::Deactivated => (Tone::Neutral, "Deactivated"),
    }
}

/// The roles as options of a select.
pub fn role_options() -> Vec<(String, String)> {
    Role::ALL.iter().map(|role| (role.to_string(), role_words(*role).to_owned())).collect()
}

//! How somebody stands, in words.

use crate::ui::badge::Tone;
use domain::users::MemberState;

/// Color and words of a state.
pub fn state_words(state: MemberState) -> (Tone, &'static str) {
    match state {
        MemberState::Active => (Tone::Success, "Active"),
        MemberState::Invited => (Tone::Info, "Invited"),
        MemberState::Expired => (Tone::Warning, "Invitation expired"),
        MemberState::Deactivated => (Tone::Neutral, "Deactivated"),
    }
}

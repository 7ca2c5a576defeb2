//! How somebody stands, in words.

use crate::ui::badge::Tone;
use domain::users::{MailState, MemberState};

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

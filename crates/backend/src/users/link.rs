//! Links that are handed over: a random token, of which the database keeps the hash, good for a while and once.

use crate::{
    clock::time,
    session::{SECOND, hash_token, new_token},
};
use domain::{
    error::{ErrorKind, UserError},
    users::UserLink,
};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A link before its hash is stored.
pub(crate) struct NewLink {
    pub hash: Vec<u8>,
    /// In microseconds.
    pub expires_at: i64,
    link: String,
}

impl NewLink {
    /// Somebody becomes a user with it, within 7 days.
    pub fn invitation(now: i64) -> Self {
        Self::new("invite", now, 7 * DAY)
    }

    /// A user chooses a new password with it, within 24 hours.
    pub fn password(now: i64) -> Self {
        Self::new("reset", now, DAY)
    }

    /// The same for somebody who has asked for it without signing in, within an hour.
    pub fn forgotten(now: i64) -> Self {
        Self::new("reset", now, HOUR)
    }

    /// A visitor creates the portal that they asked for with it, within 24 hours.
    pub fn sign_up(now: i64) -> Self {
        Self::new("invite", now, DAY)
    }

    fn new(page: &str, now: i64, seconds: i64) -> Self {
        let token = new_token();
        let (hash, expires_at) = (hash_token(&token), now + seconds * SECOND);
        Self { hash, expires_at, link: format!("/{page}/{token}") }
    }

    /// What is handed over.
    pub fn handed(self) -> UserLink {
        UserLink { link: Some(self.link), expires_at: time(self.expires_at), mailed: false }
    }

    /// What is said of one that nobody gets: the mail has another one in its place.
    pub fn mailed(self) -> UserLink {
        UserLink { link: None, expires_at: time(self.expires_at), mailed: true }
    }

    /// What stands in a mail.
    pub fn path(self) -> String {
        self.link
    }
}

/// The same words for a link that never was, one that was used or withdrawn, and one that is too old.
pub(crate) fn dead() -> UserError {
    let message = "This link is not good any more: it was used, replaced, withdrawn, or is too old. Ask an administrator of \
        the portal for a new one, or for the mail once more if you asked for it yourself.";
    UserError::new(ErrorKind::NotFound, message)
}

//! Mails with links: invitations and new passwords.
//!
//! A row of `mails` is written in the transaction that makes the link, or by somebody who has forgotten the password or signs up. Whoever
//! executes runs also sends mails: it takes a row for a while, gives it a link with a token of its own, and tries again
//! later when the mail server is away. So no request waits for a mail server, and no token stands in the database.

mod budget;
mod forgotten;
mod letter;
mod outbox;
mod send;
mod settings;
mod sign_up;

pub(crate) use outbox::About;
use outbox::queue;
pub use send::{run, send_due};
pub use settings::MailSettings;

use crate::{Portal, Result, db};

/// Longest that a mail is kept, in microseconds: what is in it has expired.
const KEPT: i64 = 8 * 24 * 3600 * 1_000_000;

/// The same for those who sign up: whose address it is, is nobody's business when the link is dead.
const KEPT_OF_VISITORS: i64 = 26 * 3600 * 1_000_000;

/// Deletes mails whose links have expired long ago; answers how many.
pub(crate) async fn prune(portal: &Portal, now: i64) -> Result<u64> {
    let delete = "DELETE FROM mails WHERE created_at < $1 OR (kind = 'sign_up' AND created_at < $2)";
    Ok(db::write(portal.db(), delete, vec![(now - KEPT).into(), (now - KEPT_OF_VISITORS).into()]).await?)
}

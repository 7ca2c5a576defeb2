//! Whoever waited may have been shut out meanwhile.

use crate::{Result, db::Tx, sql};
use domain::error::{ErrorKind, UserError};
use uuid::Uuid;

/// Refuses a user who was deactivated, or whose session ended, while they waited: a change of the password may have been what
/// ended it. Nobody shuts them out until the transaction ends. `session` is the id of an API token where `by_token`.
pub(crate) async fn still_in(tx: &Tx, user: Uuid, session: Uuid, by_token: bool) -> Result<()> {
    let hold = "UPDATE users SET password_hash = password_hash WHERE id = $1 AND active";
    let table = if by_token { "api_tokens" } else { "sessions" };
    let there = format!("SELECT count(*) AS n FROM {table} WHERE id = $1 AND user_id = $2");
    let active = sql::execute(tx, hold, vec![user.into()]).await? == 1;
    // Apart, so that PostgreSQL looks once it has the user's row.
    if active && sql::count(tx, &there, vec![session.into(), user.into()]).await? == 1 {
        return Ok(());
    }
    let message = "You were signed out a moment ago, and nothing was changed. Sign in and try again.";
    Err(UserError::new(ErrorKind::Unauthenticated, message).into())
}

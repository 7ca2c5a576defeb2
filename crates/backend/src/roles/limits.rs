//! Nobody hands out more than they have.

use super::{HeldRow, JOIN, OF_USER};
use crate::{
    Result, Tenant,
    db::Tx,
    session::still_in,
    sql,
    tenant::{Access, Actor},
    tenants,
};
use domain::{
    error::{ErrorKind, UserError},
    permissions::{Permissions, words},
};
use sea_orm::FromQueryResult;

/// Begins something about users, roles or exceptions of a tenant. Until it is done, nobody else changes them. Whoever acts is
/// looked up once more: they may have waited here for the end of what shuts them out.
pub(crate) async fn hold<A: Access>(tenant: &Tenant<A>, tx: &Tx) -> Result<()> {
    tenants::hold(tx, tenant.id()).await?;
    refuse_late(tenant, tx).await
}

/// Refuses who was shut out, or may less than when they asked, or was not limited to some companies then. From here to the end of
/// `tx` nobody assigns other companies to the user: `Tenant::within` says the same in each statement.
pub(crate) async fn refuse_late<A: Access>(tenant: &Tenant<A>, tx: &Tx) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Late {
        #[sea_orm(nested)]
        role: HeldRow,
        restricted: bool,
    }

    let Some(actor) = tenant.actor() else { return Ok(()) };
    still_in(tx, actor.id.0, actor.session, actor.token.is_some()).await?;
    let select = format!("SELECT {OF_USER}, u.restricted FROM users u {JOIN} WHERE u.id = $1");
    let user: Option<Late> = sql::one(tx, &select, vec![actor.id.0.into()]).await?;
    let user = user.ok_or_else(|| UserError::not_found("user"))?;
    let limited = tenant.scope().is_some_and(|scope| scope.is_of(actor.id));
    if (limited || !user.restricted) && user.role.held()?.permissions.include(&actor.permissions) {
        return Ok(());
    }
    let message = "What you may do has changed a moment ago, and nothing was done. Reload the page.";
    Err(UserError::new(ErrorKind::Forbidden, message).into())
}

/// Refuses what allows more than the acting user has. In: what it is, as the beginning of a sentence.
pub(crate) fn within(actor: Option<&Actor>, what: &str, permissions: &Permissions) -> Result<(), UserError> {
    let Some((area, level)) = actor.and_then(|actor| permissions.beyond(&actor.permissions)) else {
        return Ok(());
    };
    let message =
        format!("{what} may {}, and you may not. Ask an administrator to do this.", words(area, level));
    Err(UserError::new(ErrorKind::Forbidden, message))
}

//! Nobody hands out more than they have.

use super::{HeldRow, JOIN, OF_USER};
use crate::{
    Result, Tenant,
    db::Tx,
    sql,
    tenant::{Access, Actor},
    tenants,
};
use domain::{
    error::{ErrorKind, UserError},
    permissions::{Permissions, words},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Begins something about users or roles of a tenant. Until it is done, nobody else changes them. Whoever acts is looked up once
/// more: they may have waited here for the end of what shuts them out.
pub(crate) async fn hold<A: Access>(tenant: &Tenant<A>, tx: &Tx) -> Result<()> {
    tenants::hold(tx, tenant.id()).await?;
    match tenant.actor() {
        Some(actor) => refuse_late(tx, tenant.id(), actor, tenant.is_limited()).await,
        None => Ok(()),
    }
}

/// Refuses who has no session or token any more, is deactivated, or may less than when they asked, or with fewer companies;
/// `limited`: whether they were limited to some then.
async fn refuse_late(tx: &Tx, tenant: Uuid, actor: &Actor, limited: bool) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Late {
        #[sea_orm(nested)]
        role: HeldRow,
        restricted: bool,
    }

    let table = if actor.token.is_some() { "api_tokens" } else { "sessions" };
    let select = format!(
        "SELECT {OF_USER}, u.restricted FROM {table} s JOIN users u ON u.id = s.user_id {JOIN}
        WHERE s.id = $1 AND s.tenant_id = $2 AND u.active"
    );
    let row: Option<Late> = sql::one(tx, &select, vec![actor.session.into(), tenant.into()]).await?;
    let Some(row) = row else {
        let message = "You were signed out a moment ago, and nothing was changed. Sign in and try again.";
        return Err(UserError::new(ErrorKind::Unauthenticated, message).into());
    };
    if (limited || !row.restricted) && row.role.held()?.permissions.include(&actor.permissions) {
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

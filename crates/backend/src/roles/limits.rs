//! Nobody hands out more than they have.

use crate::{
    Result, Tenant,
    db::Tx,
    tenant::{Access, Actor},
    tenants,
};
use domain::{
    error::{ErrorKind, UserError},
    permissions::{Permissions, words},
};

/// Begins something about users or roles of a tenant. Until it is done, nobody else changes them.
pub(crate) async fn hold<A: Access>(tenant: &Tenant<A>, tx: &Tx) -> Result<()> {
    tenants::hold(tx, tenant.id()).await?;
    Ok(())
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

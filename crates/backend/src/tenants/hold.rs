//! One at a time within a tenant.

use crate::{Result, db::Tx, sql};
use uuid::Uuid;

/// From here to the end of `tx` nobody else is alone with the tenant: of two who change its users, its roles or its exceptions at
/// the same time, one sees what the other did. Answers whether there is such a tenant.
pub(crate) async fn hold(tx: &Tx, tenant: Uuid) -> Result<bool> {
    let held = sql::execute(tx, "UPDATE tenants SET name = name WHERE id = $1", vec![tenant.into()]).await?;
    Ok(held > 0)
}

//! Whether an auto-import has anything to do.

use super::fragment::{IS_READY, JOINS, OWNED, owner};
use crate::{Result, runs::RunContext, sql};

/// Whether a device is ready whose node class has auto-sync on.
pub(crate) async fn has_auto_import(ctx: &RunContext) -> Result<bool> {
    let count =
        format!("SELECT count(*) AS n FROM remote_devices r {JOINS} {OWNED} AND nm.auto_sync AND {IS_READY}");
    Ok(sql::count(ctx.db(), &count, owner(ctx.tenant_id(), ctx.integration_id()).0).await? > 0)
}

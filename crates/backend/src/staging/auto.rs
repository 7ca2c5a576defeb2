//! Whether an auto-import has anything to do.

use super::fragment::{FED, IS_READY, JOINS, OWNED, owner};
use crate::{Result, runs::RunContext, sql};

/// Whether a device is ready whose node class has auto-sync on.
pub(crate) async fn has_auto_import(ctx: &RunContext) -> Result<bool> {
    let owned = || owner(ctx.tenant_id(), ctx.integration_id()).0;
    // Without such a class there is no need to look at every device.
    let classes = "SELECT count(*) AS n FROM node_class_mappings
        WHERE tenant_id = $1 AND integration_id = $2 AND auto_sync AND NOT ignored AND device_type_id IS NOT NULL";
    if sql::count(ctx.db(), classes, owned()).await? == 0 {
        return Ok(false);
    }
    let any = format!(
        "SELECT count(*) AS n FROM (
            SELECT 1 FROM remote_devices r {FED} {JOINS} {OWNED} AND nm.auto_sync AND {IS_READY} LIMIT 1) AS ready"
    );
    Ok(sql::count(ctx.db(), &any, owned()).await? > 0)
}

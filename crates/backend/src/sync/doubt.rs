//! Optional sources that no longer name what they named: an empty or halved answer looks like one that is read to its end.
//! What is held stands in for what such a source leaves out, and a source that leaves out much is told to be stale.

use super::{enrich::Extras, sources};
use crate::{Result, runs::RunContext, sql};
use domain::{breaker::BreakerSettings, sync::Key};
use sea_orm::{FromQueryResult, Value};

/// What sources leave out that they told before.
#[derive(Debug, Default)]
pub struct Doubt {
    /// Names of roles.
    pub roles: Vec<String>,
    /// Ids of owners.
    pub owners: Vec<String>,
    /// Ids of devices that the backup report had.
    pub backups: Vec<String>,
}

impl Doubt {
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.owners.is_empty() && self.backups.is_empty()
    }
}

/// A value of a column, and how many devices have it.
#[derive(FromQueryResult)]
struct Named {
    value: String,
    devices: i64,
}

/// What the sources leave out; one that leaves out much is told to be stale.
pub async fn look(ctx: &RunContext, extras: &Extras) -> Result<Doubt> {
    let roles = held(ctx, "role", "role IS NOT NULL").await?;
    // A device keeps the id of an owner that no list ever named.
    let owners = held(
        ctx,
        "owner_uid",
        "owner_uid IS NOT NULL AND (owner_name IS NOT NULL OR owner_email IS NOT NULL)",
    )
    .await?;
    let backups = held(ctx, "remote_id", "backup_total_bytes IS NOT NULL").await?;
    // A role that was renamed is left out by its old name: a list that did not shrink is not in doubt.
    let renamed = extras.roles() >= i64::try_from(roles.len()).unwrap_or(i64::MAX);
    Ok(Doubt {
        roles: left_out(ctx, "roles", roles, !renamed, |name| extras.has_role(name)).await?,
        owners: left_out(ctx, "owners", owners, true, |uid| extras.has_owner(uid)).await?,
        backups: left_out(ctx, "backup usage", backups, true, |id| extras.has_backup(&Key::from(id))).await?,
    })
}

async fn held(ctx: &RunContext, column: &str, told: &str) -> Result<Vec<Named>> {
    let select = format!(
        "SELECT {column} AS value, count(*) AS devices FROM remote_devices
         WHERE integration_id = $1 AND tenant_id = $2 AND missing_since IS NULL AND {told} GROUP BY {column}"
    );
    let owned: Vec<Value> = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    Ok(sql::all(ctx.db(), &select, owned).await?)
}

async fn left_out(
    ctx: &RunContext,
    source: &str,
    held: Vec<Named>,
    warn: bool,
    named: impl Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let of: i64 = held.iter().map(|h| h.devices).sum();
    let lost: Vec<Named> = held.into_iter().filter(|h| !named(&h.value)).collect();
    let devices = lost.iter().map(|h| h.devices).sum();
    if warn && BreakerSettings::default().trips(devices, of) {
        let problem = format!(
            "NinjaOne's answer for {source} leaves out what it told of {devices} of {of} devices before."
        );
        ctx.warn_once(format!("{problem} That stays as it was, and is older."));
        sources::failed(ctx, source, &problem).await?;
    }
    Ok(lost.into_iter().map(|h| h.value).collect())
}

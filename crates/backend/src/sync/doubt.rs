//! Optional sources that no longer name what they named: an empty or halved answer looks like one that is read to its end.
//! What is held stands in for what such a source leaves out, and a source that leaves out much is told to be stale.

use super::{enrich::Extras, proof, sources};
use crate::{Result, runs::RunContext, sql};
use domain::breaker::BreakerSettings;
use sea_orm::{FromQueryResult, Value};

#[derive(FromQueryResult)]
struct Named {
    value: String,
    devices: i64,
}

/// Whether any source leaves out what it named before.
pub async fn any(ctx: &RunContext, extras: &Extras) -> Result<bool> {
    let roles = left_out(ctx, "role", |name| extras.has_role(name)).await?;
    let distinct =
        "SELECT count(DISTINCT role) AS n FROM remote_devices WHERE integration_id = $1 AND tenant_id = $2
        AND missing_since IS NULL";
    let distinct_roles = sql::count(ctx.db(), distinct, owned(ctx)).await?;
    let owners = left_out(ctx, "owner_uid", |uid| extras.has_owner(uid)).await?;
    let backups = match extras.backups() {
        Some(named) => {
            let held = "SELECT count(*) AS n FROM remote_devices WHERE integration_id = $1 AND tenant_id = $2
                AND missing_since IS NULL AND backup_total_bytes IS NOT NULL";
            let held = sql::count(ctx.db(), held, owned(ctx)).await?;
            let lost = held - named;
            // A few devices less are devices that are gone.
            (if proof::contradicts(named, 0, held) { lost } else { 0 }, held)
        }
        None => (0, 0),
    };
    let mut doubted = false;
    for (source, (lost, held)) in [("roles", roles), ("owners", owners), ("backup usage", backups)] {
        doubted |= proof::contradicts(held - lost, 0, held);
        // A role that was renamed is left out by its old name: a list that did not shrink is not in doubt.
        let renamed = source == "roles" && extras.roles() >= distinct_roles;
        if !renamed && BreakerSettings::default().trips(lost, held) {
            let problem = format!(
                "NinjaOne's answer for {source} leaves out what it told of {lost} of {held} devices before."
            );
            ctx.warn_once(format!("{problem} That stays as it was, and is older."));
            sources::failed(ctx, source, &problem).await?;
        }
    }
    Ok(doubted)
}

fn owned(ctx: &RunContext) -> Vec<Value> {
    vec![ctx.integration_id().into(), ctx.tenant_id().into()]
}

/// Of how many devices the source leaves out what stands in `column`, and of how many it stands there.
async fn left_out(ctx: &RunContext, column: &str, named: impl Fn(&str) -> bool) -> Result<(i64, i64)> {
    // A device keeps the id of an owner that no list ever named.
    let told =
        if column == "owner_uid" { " AND (owner_name IS NOT NULL OR owner_email IS NOT NULL)" } else { "" };
    let select = format!(
        "SELECT {column} AS value, count(*) AS devices FROM remote_devices
         WHERE integration_id = $1 AND tenant_id = $2 AND missing_since IS NULL AND {column} IS NOT NULL{told}
         GROUP BY {column}"
    );
    let held: Vec<Named> = sql::all(ctx.db(), &select, owned(ctx)).await?;
    let lost = held.iter().filter(|h| !named(&h.value)).map(|h| h.devices).sum();
    Ok((lost, held.iter().map(|h| h.devices).sum()))
}

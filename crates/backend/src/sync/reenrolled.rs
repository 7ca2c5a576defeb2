//! Machines that were enrolled again: a new row with the good serial number of a device whose own row is gone. They are
//! proposed as the same device, so that nobody gets it twice; somebody decides.

use crate::{
    Result,
    db::{self, Tx},
    runs::{NewChange, RunContext, record},
    sql::{self, Params},
    staging::fragment::IS_FED,
};
use domain::run::{ChangeKind, Counts, FieldChange};
use sea_orm::FromQueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// Serial numbers of one statement.
const CHUNK: usize = 5_000;

/// An inventory device whose row is missing.
#[derive(FromQueryResult)]
struct Orphan {
    id: Uuid,
    serial: String,
    remote_id: String,
}

/// A row that feeds no device, with the serial number of an orphan.
#[derive(FromQueryResult)]
struct Stray {
    remote_id: String,
    name: String,
    serial: String,
    not_same: bool,
    same_as: Option<Uuid>,
}

/// Proposes what looks like a machine enrolled again, and takes back proposals whose device has returned or goes on elsewhere.
pub async fn propose(ctx: &RunContext) -> Result<()> {
    let c = ctx.counts();
    if c.added + c.changed + c.missing + c.returned + c.moved == 0 {
        return Ok(());
    }
    let orphans = orphans(ctx).await?;
    let tx = db::begin(ctx.db()).await?;
    ctx.save(&tx, Counts::default(), ctx.done()).await?;
    take_back(ctx, &tx).await?;
    for chunk in orphans.chunks(CHUNK) {
        let strays = strays(ctx, &tx, chunk).await?;
        let pairs = pairs(chunk, &strays);
        save(ctx, &tx, &pairs).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Devices whose row is missing and whose serial number (staging keeps good ones only) no other device has.
async fn orphans(ctx: &RunContext) -> Result<Vec<Orphan>> {
    let select = "SELECT d.id, d.serial, d.remote_id FROM remote_devices old
        JOIN devices d ON d.integration_id = old.integration_id AND d.remote_id = old.remote_id
        WHERE old.integration_id = $1 AND old.tenant_id = $2 AND old.missing_since IS NOT NULL AND d.serial IS NOT NULL
            AND d.merged_into IS NULL
        ORDER BY d.serial";
    let found: Vec<Orphan> =
        sql::all(ctx.db(), select, vec![ctx.integration_id().into(), ctx.tenant_id().into()]).await?;
    let mut alone = Vec::with_capacity(found.len());
    for chunk in found.chunks(CHUNK) {
        let twins = twins(ctx, chunk).await?;
        alone.extend(chunk.iter().filter(|o| twins.get(&o.serial) == Some(&1)).map(|o| Orphan {
            id: o.id,
            serial: o.serial.clone(),
            remote_id: o.remote_id.clone(),
        }));
    }
    Ok(alone)
}

/// How many devices of the inventory have these serial numbers.
async fn twins(ctx: &RunContext, orphans: &[Orphan]) -> Result<HashMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Twin {
        serial: String,
        n: i64,
    }
    let mut p = Params(vec![ctx.integration_id().into(), ctx.tenant_id().into()]);
    let serials = sql::within(ctx.db(), &mut p, orphans.iter().map(|o| o.serial.as_str()));
    let select = format!(
        "SELECT serial, count(*) AS n FROM devices WHERE integration_id = $1 AND tenant_id = $2 AND serial {serials}
            AND merged_into IS NULL
         GROUP BY serial"
    );
    let twins: Vec<Twin> = sql::all(ctx.db(), &select, p.0).await?;
    Ok(twins.into_iter().map(|t| (t.serial, t.n)).collect())
}

async fn strays(ctx: &RunContext, tx: &Tx, orphans: &[Orphan]) -> Result<Vec<Stray>> {
    let mut p = Params(vec![ctx.integration_id().into(), ctx.tenant_id().into()]);
    let serials = sql::within(tx, &mut p, orphans.iter().map(|o| o.serial.as_str()));
    let select = format!(
        "SELECT r.remote_id, r.name, r.serial, r.not_same, r.same_as FROM remote_devices r
         WHERE r.integration_id = $1 AND r.tenant_id = $2 AND r.missing_since IS NULL AND r.serial {serials} AND NOT {IS_FED}
         ORDER BY r.remote_id"
    );
    Ok(sql::all(tx, &select, p.0).await?)
}

/// Each orphan with the one stray that has its serial number, if nobody has said that it is another machine.
fn pairs<'a>(orphans: &'a [Orphan], strays: &'a [Stray]) -> Vec<(&'a Orphan, &'a Stray)> {
    let mut of: HashMap<&str, Vec<&Stray>> = HashMap::new();
    for stray in strays {
        of.entry(&stray.serial).or_default().push(stray);
    }
    let one = |o: &'a Orphan| match of.get(o.serial.as_str())?.as_slice() {
        [stray] if !stray.not_same && stray.same_as.is_none() => Some((o, *stray)),
        _ => None,
    };
    orphans.iter().filter_map(one).collect()
}

async fn save(ctx: &RunContext, tx: &Tx, pairs: &[(&Orphan, &Stray)]) -> Result<()> {
    for (orphan, stray) in pairs {
        let update = "UPDATE remote_devices SET same_as = $3
            WHERE tenant_id = $1 AND integration_id = $2 AND remote_id = $4";
        let values = vec![
            ctx.tenant_id().into(),
            ctx.integration_id().into(),
            orphan.id.into(),
            stray.remote_id.as_str().into(),
        ];
        sql::execute(tx, update, values).await?;
    }
    let changes: Vec<NewChange> = pairs.iter().map(|(orphan, stray)| change(orphan, stray)).collect();
    record(tx, ctx.run_id(), ctx.tenant_id(), &changes).await
}

/// Which device the row would go on with.
fn change(orphan: &Orphan, stray: &Stray) -> NewChange {
    let (before, after) = (Some(orphan.remote_id.clone()), Some(stray.remote_id.clone()));
    NewChange {
        entity: "device",
        remote_id: stray.remote_id.clone(),
        name: stray.name.clone(),
        change: ChangeKind::Reenrolled,
        fields: vec![FieldChange { field: "remote_id".into(), before, after }],
    }
}

async fn take_back(ctx: &RunContext, tx: &Tx) -> Result<()> {
    let update = "UPDATE remote_devices SET same_as = NULL WHERE tenant_id = $1 AND integration_id = $2
        AND same_as IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM devices d JOIN remote_devices old
                ON old.integration_id = d.integration_id AND old.remote_id = d.remote_id
            WHERE d.id = remote_devices.same_as AND d.integration_id = remote_devices.integration_id
                AND old.missing_since IS NOT NULL)";
    sql::execute(tx, update, vec![ctx.tenant_id().into(), ctx.integration_id().into()]).await?;
    Ok(())
}

//! Devices of the inventory that nothing feeds, found by the serial number of a row that is imported.
//!
//! A serial number identifies a device only if it is a good one ([`serial::is_good`]) and nothing else has it: neither
//! another row of the fleet nor another device of the inventory.

use crate::{
    Result,
    db::Tx,
    runs::RunContext,
    sql,
    staging::fragment::{FED, IS_READY, JOINS, owner},
};
use domain::serial;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Devices of one statement.
const CHUNK: usize = 500;

/// A device that nothing feeds and that lists show.
const UNFED: &str = "d.integration_id IS NULL AND d.archived_at IS NULL AND d.merged_into IS NULL";

/// The device with the serial number of `r`, in its company: found by the index of unfed devices.
const SAME: &str = "d.tenant_id = r.tenant_id AND upper(trim(d.serial)) = upper(trim(r.serial))
    AND {no_index}d.company_id = c.id";

/// What an import knows about serial numbers: read when the first one fits, once per run.
#[derive(Default)]
pub(super) struct Serials(Option<HashSet<String>>);

/// What became of the rows whose serial number an unfed device has, by remote id, with that serial number.
#[derive(Default)]
pub(super) struct Fitting {
    pub linked: HashMap<String, String>,
    /// Others have it, too: nothing was linked.
    pub unsure: HashMap<String, String>,
}

/// A row and an unfed device with its serial number.
#[derive(FromQueryResult)]
struct Pair {
    remote_id: String,
    serial: String,
    device_id: Uuid,
}

#[derive(FromQueryResult)]
struct Repeated {
    serial: String,
}

impl Serials {
    /// Links rows to unfed devices of their company that have the same good serial number, if nobody else has it.
    pub async fn adopt(&mut self, ctx: &RunContext, tx: &Tx, ids: &[&str]) -> Result<Fitting> {
        let mut fitting = Fitting::default();
        let mut fed = Vec::new();
        for pair in pairs(ctx, tx, ids).await? {
            if !serial::is_good(&pair.serial) {
                continue;
            }
            if self.repeated(ctx, tx).await?.contains(&key(&pair.serial)) {
                fitting.unsure.insert(pair.remote_id, pair.serial);
            } else {
                fitting.linked.insert(pair.remote_id.clone(), pair.serial);
                fed.push((pair.device_id, pair.remote_id));
            }
        }
        feed(ctx, tx, &fed).await?;
        Ok(fitting)
    }

    /// Serial numbers that more than one row of the fleet or more than one device of the inventory has.
    async fn repeated(&mut self, ctx: &RunContext, tx: &Tx) -> Result<&HashSet<String>> {
        if self.0.is_none() {
            let select = "SELECT upper(trim(serial)) AS serial FROM remote_devices
                    WHERE tenant_id = $1 AND missing_since IS NULL AND serial IS NOT NULL GROUP BY 1 HAVING count(*) > 1
                UNION ALL SELECT upper(trim(serial)) FROM devices
                    WHERE tenant_id = $1 AND serial IS NOT NULL AND archived_at IS NULL AND merged_into IS NULL
                    GROUP BY 1 HAVING count(*) > 1";
            let rows: Vec<Repeated> = sql::all(tx, select, vec![ctx.tenant_id().into()]).await?;
            self.0 = Some(rows.into_iter().map(|r| r.serial).collect());
        }
        Ok(self.0.get_or_insert_default())
    }
}

/// How serial numbers are compared.
fn key(serial: &str) -> String {
    serial.trim().to_ascii_uppercase()
}

async fn pairs(ctx: &RunContext, tx: &Tx, ids: &[&str]) -> Result<Vec<Pair>> {
    if ids.is_empty() || !any_unfed(ctx, tx).await? {
        return Ok(Vec::new());
    }
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let select = format!(
        "SELECT r.remote_id, r.serial, d.id AS device_id FROM remote_devices r {FED} {JOINS} JOIN devices d ON {SAME} AND {UNFED}
         WHERE r.tenant_id = $1 AND r.integration_id = $2 AND r.remote_id {} AND r.serial IS NOT NULL AND {IS_READY}",
        sql::within(tx, &mut p, ids.iter().copied())
    );
    Ok(sql::all(tx, &sql::typed(tx, &select), p.0).await?)
}

/// Most inventories have no device that nothing feeds: then there is nothing to compare.
async fn any_unfed(ctx: &RunContext, tx: &impl ConnectionTrait) -> Result<bool> {
    // Else SQLite looks through all devices of the tenant by another index.
    let by = match tx.get_database_backend() {
        DbBackend::Sqlite => "INDEXED BY devices_unfed_serial",
        _ => "",
    };
    let count = format!(
        "SELECT count(*) AS n FROM (SELECT 1 FROM devices d {by} WHERE d.tenant_id = $1 AND {UNFED} LIMIT 1) AS unfed"
    );
    Ok(sql::count(tx, &count, vec![ctx.tenant_id().into()]).await? > 0)
}

/// Lets rows feed the devices that have their serial numbers.
async fn feed(ctx: &RunContext, tx: &Tx, pairs: &[(Uuid, String)]) -> Result<()> {
    for chunk in pairs.chunks(CHUNK) {
        let mut p = owner(ctx.tenant_id(), ctx.integration_id());
        let row = |(device, remote): &(Uuid, String)| {
            format!("(CAST({} AS {{uuid}}), {})", p.push(*device), p.push(remote.as_str()))
        };
        let rows: Vec<String> = chunk.iter().map(row).collect();
        let update = format!(
            "UPDATE devices SET integration_id = $2, remote_id = v.column2, source_account = NULL, source_hash = NULL
             FROM (VALUES {}) AS v WHERE devices.id = v.column1 AND {{no_index}}devices.tenant_id = $1",
            rows.join(", ")
        );
        sql::execute(tx, &sql::typed(tx, &update), p.0).await?;
    }
    Ok(())
}

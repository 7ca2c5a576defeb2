//! What feeds a device, and how two devices exchange it.

use crate::bulk::Kind;
use crate::{
    Error, Result,
    db::Tx,
    imports,
    sql::{self, Params},
    sync::FACT_COLUMNS,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};
use uuid::Uuid;

/// The row of staging that feeds a device, or what is remembered of one that did.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub(super) struct Feed {
    pub id: Uuid,
    pub integration_id: Option<Uuid>,
    pub remote_id: Option<String>,
    source_account: Option<Vec<u8>>,
    organization_name: Option<String>,
    location_name: Option<String>,
    last_contact: Option<i64>,
    last_user: Option<String>,
    /// Whether the vendor lists the row.
    pub listed: bool,
}

impl Feed {
    /// The row of staging by integration and remote id.
    pub fn row(&self) -> Option<(Uuid, &str)> {
        self.integration_id.zip(self.remote_id.as_deref())
    }
}

/// The feed of a device of the tenant, hidden or not.
pub(super) async fn feed(tx: &Tx, tenant: Uuid, device: Uuid) -> Result<Option<Feed>> {
    let select =
        "SELECT d.id, d.integration_id, d.remote_id, d.source_account, d.organization_name, d.location_name,
            d.last_contact, d.last_user, r.remote_id IS NOT NULL AND r.missing_since IS NULL AS listed
        FROM devices d
        LEFT JOIN remote_devices r ON r.integration_id = d.integration_id AND r.remote_id = d.remote_id
        WHERE d.tenant_id = $1 AND d.id = $2";
    Ok(sql::one(tx, select, vec![tenant.into(), device.into()]).await?)
}

/// Remembers that a row fed a device until now, or that none did: what runs did with it so far stays in the device's history.
pub(crate) async fn keep_past(
    tx: &Tx,
    tenant: Uuid,
    now: i64,
    device: Uuid,
    row: Option<(Uuid, &str)>,
) -> Result<()> {
    let insert = "INSERT INTO device_past_feeds (device_id, tenant_id, integration_id, remote_id, until_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (device_id, until_at) DO NOTHING";
    let (integration, remote_id) = row.unzip();
    let values = vec![device.into(), tenant.into(), integration.into(), remote_id.into(), now.into()];
    sql::execute(tx, insert, values).await?;
    Ok(())
}

/// Lets each of two devices go on with what feeds the other one.
pub(super) async fn swap(tx: &Tx, tenant: Uuid, now: i64, a: &Feed, b: &Feed) -> Result<()> {
    for device in [a, b] {
        keep_past(tx, tenant, now, device.id, device.row()).await?;
    }
    // One row feeds one device, also for a moment.
    let cut =
        "UPDATE devices SET integration_id = NULL, remote_id = NULL WHERE tenant_id = $1 AND id IN ($2, $3)";
    sql::execute(tx, cut, vec![tenant.into(), a.id.into(), b.id.into()]).await?;
    for (device, feed) in [(a.id, b), (b.id, a)] {
        let update = "UPDATE devices SET integration_id = $3, remote_id = $4, source_account = $5, organization_name = $6,
                location_name = $7, last_contact = $8, last_user = $9, source_hash = NULL, version = version + 1,
                updated_at = $10
            WHERE tenant_id = $1 AND id = $2";
        let values: Vec<Value> = vec![
            tenant.into(),
            device.into(),
            feed.integration_id.into(),
            feed.remote_id.clone().into(),
            feed.source_account.clone().into(),
            feed.organization_name.clone().into(),
            feed.location_name.clone().into(),
            feed.last_contact.into(),
            feed.last_user.clone().into(),
            now.into(),
        ];
        sql::execute(tx, update, values).await?;
        let Some((integration, remote_id)) = feed.row() else { continue };
        imports::bring_up_to_date(tx, tenant, integration, now, &[remote_id]).await?;
    }
    Ok(())
}

/// The vendor's facts of a device as JSON, so that they can be put back exactly.
pub(super) async fn facts(tx: &Tx, tenant: Uuid, device: Uuid) -> Result<String> {
    #[derive(FromQueryResult)]
    struct Kept {
        facts: String,
    }
    let pairs: Vec<String> = FACT_COLUMNS.iter().map(|(c, _)| format!("'{c}', {c}")).collect();
    let object = match tx.get_database_backend() {
        DbBackend::Postgres => "json_build_object",
        _ => "json_object",
    };
    let select = format!(
        "SELECT CAST({object}({}) AS text) AS facts FROM devices WHERE tenant_id = $1 AND id = $2",
        pairs.join(", ")
    );
    let kept: Option<Kept> = sql::one(tx, &select, vec![tenant.into(), device.into()]).await?;
    Ok(kept.map_or_else(|| "{}".to_owned(), |k| k.facts))
}

/// Puts facts back, apart from the columns of `but`.
pub(super) async fn put_back(tx: &Tx, tenant: Uuid, device: Uuid, facts: &str, but: &[&str]) -> Result<()> {
    let facts: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(facts).map_err(Error::internal)?;
    let mut p = Params(vec![tenant.into(), device.into()]);
    let mut set = Vec::new();
    for (column, kind) in FACT_COLUMNS.iter().filter(|(c, _)| !but.contains(c)) {
        let Some(kept) = facts.get(*column) else { continue };
        let value: Value = match kind {
            // SQLite has no truth values, and its JSON has none either.
            Kind::Bool => kept.as_bool().or_else(|| kept.as_i64().map(|n| n != 0)).into(),
            Kind::Int => kept.as_i64().into(),
            Kind::Text | Kind::Uuid => kept.as_str().map(str::to_owned).into(),
        };
        set.push(format!("{column} = {}", p.push(value)));
    }
    let update = format!("UPDATE devices SET {} WHERE tenant_id = $1 AND id = $2", set.join(", "));
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}

//! Heartbeats: what moves with every check-in, as narrow as can be. A sync of 100,000 devices that only checked in writes them and
//! nothing else: a row each on SQLite, 256 to a row on PostgreSQL (migration `beat_pages`).

use super::beat_pages;
use crate::{
    Result,
    bulk::{self, Kind, Target},
    db::Tx,
    runs::RunContext,
    sql,
};
use domain::sync::Beat;
use migrations::BEATS_OF_A_PAGE as PAGE;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};

const COLUMNS: &[(&str, Kind)] = &[("no", Kind::Int), ("last_contact", Kind::Int), ("offline", Kind::Bool)];

/// The outer join of the heartbeat with the number `no`, as `alias` with `last_contact` and `offline`. `within` narrows down
/// where PostgreSQL looks ([`between`]).
pub(crate) fn join(db: &impl ConnectionTrait, no: &str, alias: &str, within: &str) -> String {
    match db.get_database_backend() {
        DbBackend::Postgres => {
            let place = format!("[CAST({no} % {PAGE} AS integer) + 1]");
            format!(
                "LEFT JOIN LATERAL (SELECT p.last_contacts{place} AS last_contact, p.offlines{place} AS offline
                    FROM remote_device_beat_pages p WHERE p.page = {no} / {PAGE} {within}) {alias} ON TRUE"
            )
        }
        _ => format!("LEFT JOIN remote_device_beats {alias} ON {alias}.no = {no}"),
    }
}

/// The pages of PostgreSQL that hold these numbers and those between them, as a condition for [`join`].
pub(crate) fn between(first: i64, last: i64) -> String {
    format!("AND p.page BETWEEN {} AND {}", first / PAGE, last / PAGE)
}

/// Writes heartbeats, each under its number; all of them are `new`, or any may be there.
pub async fn write(
    ctx: &RunContext,
    tx: &Tx,
    beats: impl Iterator<Item = (i64, Beat)> + Send,
    new: bool,
) -> Result<()> {
    if let Tx::Postgres(_) = tx {
        return beat_pages::write(ctx, tx, beats).await;
    }
    let after = bulk::replace(COLUMNS, &["no"], &[]);
    let row = |(no, beat): (i64, Beat)| Ok(vec![no.into(), beat.last_contact.into(), beat.offline.into()]);
    let target = Target { table: "remote_device_beats", columns: COLUMNS, after: &after };
    bulk::insert_as(new, tx, target, beats.map(row)).await
}

/// Forgets the heartbeats of an integration, before its staging; `owner` are the integration's and the tenant's id.
pub(crate) async fn delete(tx: &Tx, owner: Vec<Value>) -> Result<()> {
    // Pages of PostgreSQL follow the integration by their foreign key.
    if let Tx::Sqlite(_) = tx {
        let delete = "DELETE FROM remote_device_beats WHERE no IN (SELECT s.no FROM remote_device_status s
            JOIN integrations i ON i.id = s.integration_id WHERE i.id = $1 AND i.tenant_id = $2)";
        sql::execute(tx, delete, owner).await?;
    }
    Ok(())
}

/// So many numbers that no device has.
pub async fn numbers(ctx: &RunContext, tx: &Tx, n: usize) -> Result<Vec<i64>> {
    #[derive(FromQueryResult)]
    struct Number {
        no: i64,
    }
    match tx {
        _ if n == 0 => Ok(Vec::new()),
        Tx::Postgres(_) => beat_pages::numbers(ctx, tx, n).await,
        Tx::Sqlite(_) => {
            // Whoever writes is alone.
            let select = "SELECT COALESCE(max(no), 0) + 1 AS no FROM remote_device_beats";
            let first = sql::one::<Number>(tx, select, Vec::new()).await?.map_or(1, |first| first.no);
            Ok((first..).take(n).collect())
        }
    }
}

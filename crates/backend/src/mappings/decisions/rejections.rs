//! Pairs that somebody said no to.

use super::change::Change;
use crate::{
    Result,
    mappings::store::{Table, Writer},
    sql::{self, Params},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rows of one statement.
const CHUNK: usize = 500;

#[derive(FromQueryResult)]
struct Row {
    remote_id: String,
    target: Uuid,
}

/// The rejected pairs of these rows.
pub(super) async fn of<'a>(
    db: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<HashSet<(String, Uuid)>> {
    let mut p = writer.owner();
    let within = format!("AND remote_id {}", sql::within(db, &mut p, ids));
    let rows = read(db, table, p, &within).await?;
    Ok(rows.into_iter().map(|r| (r.remote_id, r.target)).collect())
}

/// All rejected targets, by row.
pub(in crate::mappings) async fn by_row(
    db: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
) -> Result<HashMap<String, HashSet<Uuid>>> {
    let mut out: HashMap<String, HashSet<Uuid>> = HashMap::new();
    for row in read(db, table, writer.owner(), "").await? {
        out.entry(row.remote_id).or_default().insert(row.target);
    }
    Ok(out)
}

/// Rejected pairs of the owner that `p` begins with, those `within`.
async fn read(db: &impl ConnectionTrait, table: Table, mut p: Params, within: &str) -> Result<Vec<Row>> {
    let select = format!(
        "SELECT remote_id, target FROM mapping_rejections
         WHERE tenant_id = $1 AND integration_id = $2 AND subject = {} {within}",
        p.push(table.subject.as_str())
    );
    Ok(sql::all(db, &select, p.0).await?)
}

/// Keeps what changes reject, and forgets what they take up again.
pub(super) async fn keep(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    changes: &[&Change],
) -> Result<()> {
    let pairs = |of: fn(&Change) -> Option<Uuid>| -> Vec<(&str, Uuid)> {
        changes.iter().filter_map(|c| of(c).map(|t| (c.remote_id.as_str(), t))).collect()
    };
    add(tx, table, writer, &pairs(|c| c.rejected)).await?;
    remove(tx, table, writer, &pairs(|c| c.restored)).await
}

pub(super) async fn add(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    pairs: &[(&str, Uuid)],
) -> Result<()> {
    for chunk in pairs.chunks(CHUNK) {
        let mut p = writer.owner();
        let (subject, user, now) = (p.push(table.subject.as_str()), p.push(writer.user), p.push(writer.now));
        let rows: Vec<String> = chunk
            .iter()
            .map(|(id, target)| {
                format!("($1, $2, {subject}, {}, {}, {user}, {now})", p.push(*id), p.push(*target))
            })
            .collect();
        let insert = format!(
            "INSERT INTO mapping_rejections (tenant_id, integration_id, subject, remote_id, target, user_id, rejected_at)
             VALUES {} ON CONFLICT DO NOTHING",
            rows.join(", ")
        );
        sql::execute(tx, &insert, p.0).await?;
    }
    Ok(())
}

pub(super) async fn remove(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    pairs: &[(&str, Uuid)],
) -> Result<()> {
    for chunk in pairs.chunks(CHUNK) {
        let mut p = writer.owner();
        let subject = p.push(table.subject.as_str());
        let rows: Vec<String> = chunk
            .iter()
            .map(|(id, target)| format!("(remote_id = {} AND target = {})", p.push(*id), p.push(*target)))
            .collect();
        let delete = format!(
            "DELETE FROM mapping_rejections WHERE tenant_id = $1 AND integration_id = $2 AND subject = {subject}
                AND ({})",
            rows.join(" OR ")
        );
        sql::execute(tx, &delete, p.0).await?;
    }
    Ok(())
}

//! What a merge of companies moves, kept so that it can be taken back.

use crate::{
    Error, Portal, Result, Tenant,
    clock::new_id,
    db::{self, Tx},
    sql,
    tenant::CanManage,
};
use domain::company::Company;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// Locations of both companies that are in use and have the same name: `a` goes, `b` stays. Of tenant, company and the one that
/// stays.
pub(super) const JOINED: &str =
    "FROM locations a JOIN locations b ON b.company_id = $3 AND b.name_key = a.name_key
    AND b.archived_at IS NULL AND b.tenant_id = a.tenant_id
    WHERE a.tenant_id = $1 AND a.company_id = $2 AND a.archived_at IS NULL";

/// Rows that go over: of tenant `$1` and company `$2`, for the merge `$3`.
const ROWS: [&str; 3] = [
    "INSERT INTO company_merge_rows (merge_id, tenant_id, kind, row_id)
        SELECT CAST($3 AS {uuid}), tenant_id, 'device', id FROM devices WHERE tenant_id = $1 AND company_id = $2",
    "INSERT INTO company_merge_rows (merge_id, tenant_id, kind, integration_id, remote_id, status, mapped_at)
        SELECT CAST($3 AS {uuid}), tenant_id, 'organization', integration_id, remote_id, status, mapped_at
        FROM organization_mappings WHERE tenant_id = $1 AND company_id = $2",
    "INSERT INTO company_merge_rows (merge_id, tenant_id, kind, integration_id, remote_id, status, mapped_at)
        SELECT CAST($3 AS {uuid}), tenant_id, 'runner_up', integration_id, remote_id, status, mapped_at
        FROM organization_mappings WHERE tenant_id = $1 AND runner_up = $2",
];

/// The same, where it depends on the company that stays, `$3`; the merge is `$4`, `{joined}` are the locations that go.
const ROWS_BESIDE: [&str; 3] = [
    "INSERT INTO company_merge_rows (merge_id, tenant_id, kind, row_id)
        SELECT CAST($4 AS {uuid}), tenant_id, 'location', id FROM locations
        WHERE tenant_id = $1 AND company_id = $2 AND id NOT IN ({joined})",
    "INSERT INTO company_merge_rows (merge_id, tenant_id, kind, integration_id, remote_id)
        SELECT CAST($4 AS {uuid}), tenant_id, 'location_mapping', integration_id, remote_id FROM location_mappings
        WHERE tenant_id = $1 AND location_id IN ({joined})",
    "INSERT INTO company_merge_rows (merge_id, tenant_id, kind, row_id, status)
        SELECT CAST($4 AS {uuid}), a.tenant_id, 'holder', a.holder_id, CASE WHEN EXISTS (SELECT 1
            FROM assigned_companies b WHERE b.holder_id = a.holder_id AND b.company_id = $3) THEN 'both' ELSE 'one' END
        FROM assigned_companies a WHERE a.tenant_id = $1 AND a.company_id = $2",
];

/// What was there before and is no row that went over.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Record {
    /// When the company had been archived, and the company that it had been merged into then.
    pub archived_at: Option<i64>,
    pub merged_into: Option<Uuid>,
    /// Locations that became one: the one that went into the archive, and the one that stayed.
    pub joined: Vec<(Uuid, Uuid)>,
    /// Columns of the company that stayed which took over a value.
    pub fields: Vec<(String, String)>,
    /// Exceptions that gave way to longer ones.
    pub dropped: Vec<Dropped>,
    pub views: Vec<Turned>,
}

/// An exception of one of both companies.
#[derive(Debug, Serialize, Deserialize, FromQueryResult)]
pub(super) struct Dropped {
    pub id: Uuid,
    pub company_id: Uuid,
    pub check_name: String,
    pub reason: String,
    pub until_day: Option<i64>,
    pub created_at: i64,
    pub created_by: Option<String>,
    pub version: i64,
}

/// A merge that is taken back.
pub(super) struct Undo {
    pub merge: Uuid,
    pub record: Record,
    /// The company that is taken out again.
    pub company: Company,
    /// The company that it had been merged into.
    pub from: Company,
}

impl Undo {
    /// Tenant, the two companies and the merge.
    pub fn owner(&self, tenant: Uuid) -> Vec<Value> {
        vec![tenant.into(), self.company.id.0.into(), self.from.id.0.into(), self.merge.into()]
    }

    /// Whether the company is in use once it is out again.
    pub fn is_used(&self) -> bool {
        !self.company.archived || self.record.archived_at.is_none()
    }
}

/// Every column that a [`Dropped`] reads.
pub(super) const DROPPED: &str =
    "id, company_id, check_name, reason, until_day, created_at, created_by, version";

/// A saved view that shows the other company since.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Turned {
    pub view: Uuid,
    pub before: String,
    pub after: String,
}

/// Two locations that become one.
#[derive(FromQueryResult)]
struct Joined {
    goes: Uuid,
    stays: Uuid,
}

#[derive(FromQueryResult)]
struct Before {
    archived_at: Option<i64>,
    merged_into: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct View {
    id: Uuid,
    query: String,
}

/// Keeps what is about to move. Whoever calls it holds both companies.
pub(super) async fn open<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    (from, to): (&Company, &Company),
) -> Result<(Uuid, Record)> {
    let id = new_id();
    let actor = tenant.actor();
    let insert =
        "INSERT INTO company_merges (id, tenant_id, company_id, into_id, user_id, user_name, at, undo)
        VALUES ($1, $2, $3, $4, $5, $6, $7, '{}')";
    let values: Vec<Value> = vec![
        id.into(),
        tenant.id().into(),
        from.id.0.into(),
        to.id.0.into(),
        actor.map(|a| a.id.0).into(),
        actor.map(|a| a.name.clone()).into(),
        tenant.now().into(),
    ];
    sql::execute(tx, insert, values).await?;
    let owner = || -> Vec<Value> { vec![tenant.id().into(), from.id.0.into()] };
    for rows in ROWS {
        let values = [owner(), vec![id.into()]].concat();
        sql::execute(tx, &sql::typed(tx, rows), values).await?;
    }
    let joined = format!("SELECT a.id {JOINED}");
    for rows in ROWS_BESIDE {
        let rows = rows.replace("{joined}", &joined);
        // All of them name each parameter, or PostgreSQL does not know its type.
        let values = [owner(), vec![to.id.0.into(), id.into()]].concat();
        sql::execute(tx, &sql::typed(tx, &rows), values).await?;
    }
    let before = "SELECT archived_at, merged_into FROM companies WHERE tenant_id = $1 AND id = $2";
    let before: Option<Before> = sql::one(tx, before, owner()).await?;
    let before = before.unwrap_or(Before { archived_at: None, merged_into: None });
    let pairs = format!("SELECT a.id AS goes, b.id AS stays {JOINED} ORDER BY a.id");
    let pairs: Vec<Joined> = sql::all(tx, &pairs, [owner(), vec![to.id.0.into()]].concat()).await?;
    let record = Record {
        archived_at: before.archived_at,
        merged_into: before.merged_into,
        joined: pairs.into_iter().map(|pair| (pair.goes, pair.stays)).collect(),
        fields: fields(from, to),
        ..Record::default()
    };
    Ok((id, record))
}

/// The columns that the company which stays lacks, with the values of the other one.
fn fields(from: &Company, to: &Company) -> Vec<(String, String)> {
    let columns = [
        ("domain", &from.domain, &to.domain),
        ("phone", &from.phone, &to.phone),
        ("address", &from.address, &to.address),
        ("psa_ref", &from.psa_ref, &to.psa_ref),
    ];
    let lacking = columns.into_iter().filter(|(_, _, to)| to.is_none());
    lacking.filter_map(|(column, from, _)| Some((column.to_owned(), from.clone()?))).collect()
}

/// The exceptions that go over, once those that give way are gone.
pub(super) async fn exceptions<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    merge: Uuid,
    from: &Company,
) -> Result<()> {
    let insert = "INSERT INTO company_merge_rows (merge_id, tenant_id, kind, row_id)
        SELECT CAST($3 AS {uuid}), tenant_id, 'exception', id FROM compliance_exceptions
        WHERE tenant_id = $1 AND company_id = $2";
    let values = vec![tenant.id().into(), from.id.0.into(), merge.into()];
    sql::execute(tx, &sql::typed(tx, insert), values).await?;
    Ok(())
}

/// The saved views of the tenant by id.
pub(super) async fn views<A: CanManage>(tenant: &Tenant<A>, tx: &Tx) -> Result<HashMap<Uuid, String>> {
    let select = "SELECT id, query FROM device_views WHERE tenant_id = $1";
    let views: Vec<View> = sql::all(tx, select, vec![tenant.id().into()]).await?;
    Ok(views.into_iter().map(|view| (view.id, view.query)).collect())
}

/// Those of them that read otherwise by now.
pub(super) fn turned(before: HashMap<Uuid, String>, mut after: HashMap<Uuid, String>) -> Vec<Turned> {
    let both = before.into_iter().filter_map(|(view, before)| Some((view, before, after.remove(&view)?)));
    let turned = both.filter(|(_, before, after)| before != after);
    turned.map(|(view, before, after)| Turned { view, before, after }).collect()
}

/// Keeps the rest, once all is moved.
pub(super) async fn close<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    merge: Uuid,
    record: &Record,
) -> Result<()> {
    let update = "UPDATE company_merges SET undo = $3 WHERE tenant_id = $1 AND id = $2";
    let undo = serde_json::to_string(record).map_err(Error::internal)?;
    sql::execute(tx, update, vec![tenant.id().into(), merge.into(), undo.into()]).await?;
    Ok(())
}

/// Forgets what was kept of merges before that time, which cannot be undone any more; answers how many rows went.
pub(crate) async fn prune(portal: &Portal, before: i64) -> Result<u64> {
    let forget = "UPDATE company_merges SET undo = '' WHERE at < $1 AND undo <> ''";
    db::write(portal.db(), forget, vec![before.into()]).await?;
    // A merge at a time, so that nobody waits long for the database.
    let delete =
        "DELETE FROM company_merge_rows WHERE merge_id = (SELECT m.id FROM company_merges m WHERE m.undo = ''
        AND EXISTS (SELECT 1 FROM company_merge_rows r WHERE r.merge_id = m.id) LIMIT 1)";
    let mut gone = 0;
    loop {
        let n = db::write(portal.db(), delete, Vec::new()).await?;
        gone += n;
        if n == 0 || portal.stopping().is_cancelled() {
            return Ok(gone);
        }
    }
}

//! Reading companies.

use super::records::{archived_is, page_of};
use crate::{
    Result, Tenant,
    clock::time,
    sql::{self, Params, contains},
    tenant::Access,
};
use domain::{
    company::{Company, name_key},
    ids::CompanyId,
    page::{ListQuery, Listing},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

const SELECT: &str = "SELECT c.id, c.name, c.domain, c.phone, c.address, c.psa_ref, c.archived_at, c.version, c.created_at, c.updated_at, \
    (SELECT count(*) FROM locations l WHERE l.company_id = c.id AND l.archived_at IS NULL) AS location_count, \
    (SELECT count(*) FROM devices d WHERE d.company_id = c.id AND d.archived_at IS NULL AND d.merged_into IS NULL) AS device_count \
    FROM companies c";

/// Sort fields of the list; the first is the default.
const SORTS: &[&str] = &["name", "domain", "location_count", "device_count", "updated_at"];

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    domain: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    psa_ref: Option<String>,
    archived_at: Option<i64>,
    version: i64,
    location_count: i64,
    device_count: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<Row> for Company {
    fn from(row: Row) -> Self {
        Self {
            id: CompanyId(row.id),
            name: row.name,
            domain: row.domain,
            phone: row.phone,
            address: row.address,
            psa_ref: row.psa_ref,
            archived: row.archived_at.is_some(),
            version: row.version,
            location_count: row.location_count,
            device_count: row.device_count,
            created_at: time(row.created_at),
            updated_at: time(row.updated_at),
        }
    }
}

impl<A: Access> Tenant<A> {
    /// Companies, or the archived ones, searched by name, domain and PSA reference.
    pub async fn companies(&self, query: ListQuery, archived: bool) -> Result<Listing<Company>> {
        let window = query.window()?;
        let (field, direction) = query.order(SORTS)?;
        let mut params = Params::default();
        let mut filter =
            format!(" WHERE c.tenant_id = {} AND {}", params.push(self.id()), archived_is("c", archived));
        filter += &self.within("c.id");
        if let Some(text) = query.text()? {
            let like = params.push(contains(&name_key(text)));
            filter += &format!(
                r" AND (c.name_key LIKE {like} ESCAPE '\' OR c.domain LIKE {like} ESCAPE '\' OR lower(c.psa_ref) LIKE {like} ESCAPE '\')"
            );
        }
        let count = format!("SELECT count(*) AS n FROM companies c{filter}");
        let total = sql::count(self.db(), &count, params.0.clone()).await?;
        let page = format!("{SELECT}{filter}{}", page_of(column(field), direction, "c", window));
        let rows: Vec<Row> = sql::all(self.db(), &page, params.0).await?;
        Ok(Listing::new(rows.into_iter().map(Company::from).collect(), total, window))
    }
}

/// What a sort field sorts by. Companies without a domain come last in both directions, on both engines.
fn column(field: &str) -> &str {
    match field {
        "name" => "c.name_key",
        "domain" => "c.domain IS NULL, c.domain",
        "updated_at" => "c.updated_at",
        counted => counted,
    }
}

/// A company of the tenant, as far as `within` lets it be seen.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    id: Uuid,
    within: &str,
) -> Result<Option<Company>, DbErr> {
    let sql = format!("{SELECT} WHERE c.id = $1 AND c.tenant_id = $2{within}");
    Ok(sql::one::<Row>(db, &sql, vec![id.into(), tenant.into()]).await?.map(Company::from))
}

//! Reading PSA locations.

use super::LOCATIONS;
use crate::{
    Result, Tenant,
    clock::time,
    companies::records::{archived_is, page_of},
    sql::{self, Params, contains},
    tenant::Access,
};
use domain::{
    company::{Location, name_key},
    ids::{CompanyId, LocationId},
    page::{ListQuery, Listing},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

const FROM: &str = " FROM locations l JOIN companies c ON c.id = l.company_id";
const COLUMNS: &str = "SELECT l.id, l.company_id, c.name AS company_name, l.name, l.address, l.psa_ref, l.archived_at, l.version, \
    l.created_at, l.updated_at, (SELECT count(*) FROM devices d WHERE d.location_id = l.id AND d.archived_at IS NULL AND d.merged_into IS NULL) AS device_count";

/// Sort fields of the list; the first is the default.
const SORTS: &[&str] = &["name", "company", "device_count", "updated_at"];

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    company_id: Uuid,
    company_name: String,
    name: String,
    address: Option<String>,
    psa_ref: Option<String>,
    archived_at: Option<i64>,
    version: i64,
    device_count: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<Row> for Location {
    fn from(row: Row) -> Self {
        Self {
            id: LocationId(row.id),
            company_id: CompanyId(row.company_id),
            company_name: row.company_name,
            name: row.name,
            address: row.address,
            psa_ref: row.psa_ref,
            archived: row.archived_at.is_some(),
            version: row.version,
            device_count: row.device_count,
            created_at: time(row.created_at),
            updated_at: time(row.updated_at),
        }
    }
}

impl<A: Access> Tenant<A> {
    /// Locations of one company or of all, searched by name, company, address and PSA reference.
    ///
    /// The list of all leaves out the locations of archived companies; asked for by company, they are there.
    pub async fn locations(
        &self,
        query: ListQuery,
        company_id: Option<CompanyId>,
        archived: bool,
    ) -> Result<Listing<Location>> {
        let window = query.window()?;
        let (field, direction) = query.order(SORTS)?;
        let mut params = Params::default();
        let mut filter =
            format!(" WHERE l.tenant_id = {} AND {}", params.push(self.id()), archived_is("l", archived));
        filter += &self.within("l.company_id");
        match company_id {
            Some(id) => {
                filter += &format!(" AND l.company_id = {}", params.push(self.company(id).await?.id.0))
            }
            None if !archived => filter += " AND c.archived_at IS NULL",
            None => {}
        }
        if let Some(text) = query.text()? {
            let like = params.push(contains(&name_key(text)));
            filter += &format!(
                r" AND (l.name_key LIKE {like} ESCAPE '\' OR c.name_key LIKE {like} ESCAPE '\' OR lower(l.address) LIKE {like} ESCAPE '\' OR lower(l.psa_ref) LIKE {like} ESCAPE '\')"
            );
        }
        let total =
            sql::count(self.db(), &format!("SELECT count(*) AS n{FROM}{filter}"), params.0.clone()).await?;
        let page = format!("{COLUMNS}{FROM}{filter}{}", page_of(column(field), direction, "l", window));
        let rows: Vec<Row> = sql::all(self.db(), &page, params.0).await?;
        Ok(Listing::new(rows.into_iter().map(Location::from).collect(), total, window))
    }

    /// One location, archived or not.
    pub async fn location(&self, id: LocationId) -> Result<Location> {
        self.location_in(self.db(), id).await
    }

    /// The same, as a transaction sees it.
    pub(super) async fn location_in(&self, db: &impl ConnectionTrait, id: LocationId) -> Result<Location> {
        let within = self.within("l.company_id");
        let sql = format!("{COLUMNS}{FROM} WHERE l.id = $1 AND l.tenant_id = $2{within}");
        let row = sql::one::<Row>(db, &sql, vec![id.0.into(), self.id().into()]).await?;
        Ok(row.map(Location::from).ok_or_else(|| LOCATIONS.missing())?)
    }
}

/// What a sort field sorts by.
fn column(field: &str) -> &str {
    match field {
        "name" => "l.name_key",
        "company" => "c.name_key",
        "updated_at" => "l.updated_at",
        counted => counted,
    }
}

//! Remote locations with their mapping.

use crate::{
    Result, Tenant,
    clock::time,
    mappings::{
        listing::{self, Parts, Sort},
        proposal,
    },
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    company::{CompanyRef, LocationRef},
    decision::{MappingFilter, MappingSelection},
    error::UserError,
    ids::IntegrationId,
    mapping::{LocationRunnerUp, LocationSuggestion, MappingStatus, RemoteLocationRow, StatusCounts},
    page::{ListQuery, Listing},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// A mapping counts only while it points into the company of the mapped organization.
pub(super) const STATUS: &str = "CASE WHEN m.status = 'ignored' THEN 'ignored'
    WHEN m.status IN ('mapped', 'pending') AND p.id IS NOT NULL THEN m.status ELSE 'unmapped' END";

const COLUMNS: &str = "r.remote_id, r.name, r.address, r.organization_id,
    COALESCE(o.name, 'Organization ' || r.organization_id) AS organization, r.missing_since,
    c.id AS company_id, c.name AS company_name, p.id AS location_id, p.name AS location_name,
    m.confidence, m.reasons, m.mapped_by, m.mapped_at, COALESCE(m.version, 0) AS version,
    rp.id AS runner_up_id, rp.name AS runner_up_name, m.runner_up_confidence, u.name AS mapped_by_name";

pub(super) const FROM: &str = "FROM remote_locations r
    LEFT JOIN organizations o ON o.integration_id = r.integration_id AND o.remote_id = r.organization_id
    LEFT JOIN organization_mappings om ON om.integration_id = r.integration_id AND om.remote_id = r.organization_id
        AND om.status = 'mapped'
    LEFT JOIN companies c ON c.id = om.company_id AND c.tenant_id = r.tenant_id
    LEFT JOIN location_mappings m ON m.integration_id = r.integration_id AND m.remote_id = r.remote_id
    LEFT JOIN locations p ON p.id = m.location_id AND p.tenant_id = r.tenant_id AND p.company_id = om.company_id
    LEFT JOIN locations rp ON rp.id = m.runner_up AND rp.tenant_id = r.tenant_id AND rp.company_id = om.company_id
    LEFT JOIN users u ON u.id = m.user_id AND u.tenant_id = r.tenant_id";

pub(super) const OWNED: &str = "WHERE r.tenant_id = $1 AND r.integration_id = $2";

const SEARCHED: &[&str] = &["r.name_key", "o.name_key", "p.name_key"];

#[derive(FromQueryResult)]
struct Row {
    remote_id: String,
    name: String,
    address: Option<String>,
    organization_id: String,
    organization: String,
    missing_since: Option<i64>,
    company_id: Option<Uuid>,
    company_name: Option<String>,
    status: String,
    location_id: Option<Uuid>,
    location_name: Option<String>,
    confidence: Option<f64>,
    reasons: Option<String>,
    runner_up_id: Option<Uuid>,
    runner_up_name: Option<String>,
    runner_up_confidence: Option<f64>,
    mapped_by: Option<String>,
    mapped_by_name: Option<String>,
    mapped_at: Option<i64>,
    version: i64,
}

fn sorts() -> [Sort; 5] {
    [
        ("name", "r.name_key {dir}"),
        ("organization", "o.name_key {dir} NULLS LAST, r.name_key"),
        ("company", "c.name_key {dir} NULLS LAST, r.name_key"),
        ("location", "p.name_key {dir} NULLS LAST, r.name_key"),
        ("status", "{rank} {dir}, r.name_key"),
    ]
}

impl<A: Access> Tenant<A> {
    /// Remote locations with their mapping; `organization` is a remote id. The search looks at the names of the
    /// location, its organization and its PSA location.
    pub async fn remote_locations(
        &self,
        integration: IntegrationId,
        query: ListQuery,
        status: Option<MappingStatus>,
        organization: Option<String>,
    ) -> Result<Listing<RemoteLocationRow>> {
        let window = query.window()?;
        let order = listing::order_by(&query, &sorts(), "r.remote_id")?
            .replace("{rank}", &listing::status_rank(STATUS));
        self.integration_exists(integration).await?;
        let (p, filter) =
            self.narrowed_locations(integration, query.text()?, status, organization.as_deref());
        let columns = format!("{COLUMNS}, {STATUS} AS status");
        let parts = Parts { columns: &columns, from: FROM, filter: &filter, order: &order };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        let items = self.remote_location_views(self.db(), integration, rows).await?;
        Ok(Listing::new(items, total, window))
    }

    /// How many remote locations stand where, under a search, of all organizations or of one.
    pub async fn remote_location_counts(
        &self,
        integration: IntegrationId,
        search: Option<String>,
        organization: Option<String>,
    ) -> Result<StatusCounts> {
        let text = listing::checked_search(search.as_deref())?;
        self.integration_exists(integration).await?;
        let (p, filter) =
            self.narrowed_locations(integration, text.as_deref(), None, organization.as_deref());
        listing::status_counts(self.db(), STATUS, FROM, &filter, p.0).await
    }

    fn narrowed_locations(
        &self,
        integration: IntegrationId,
        search: Option<&str>,
        status: Option<MappingStatus>,
        organization: Option<&str>,
    ) -> (Params, String) {
        let (mut p, mut filter) = (Params(vec![self.id().into(), integration.0.into()]), OWNED.to_owned());
        listing::search(&mut filter, &mut p, search, SEARCHED);
        if let Some(status) = status {
            filter.push_str(&format!(" AND {STATUS} = {}", p.push(status.as_str())));
        }
        if let Some(organization) = organization.filter(|o| !o.is_empty()) {
            filter.push_str(&format!(" AND r.organization_id = {}", p.push(organization)));
        }
        (p, filter)
    }

    /// The remote locations that a decision is about, all of them.
    pub(in crate::mappings) async fn selected_locations(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
        select: &MappingSelection,
    ) -> Result<Vec<RemoteLocationRow>> {
        let (p, filter) = match select {
            MappingSelection::Filter(MappingFilter { search, status, organization }) => {
                let text = listing::checked_search(search.as_deref())?;
                self.narrowed_locations(integration, text.as_deref(), *status, organization.as_deref())
            }
            MappingSelection::RemoteIds(ids) => {
                let (mut p, mut filter) = self.narrowed_locations(integration, None, None, None);
                let ids = sql::within(db, &mut p, ids.iter().map(String::as_str));
                filter.push_str(&format!(" AND r.remote_id {ids}"));
                (p, filter)
            }
        };
        let select =
            format!("SELECT {COLUMNS}, {STATUS} AS status {FROM} {filter} ORDER BY r.name_key, r.remote_id");
        let rows: Vec<Row> = sql::all(db, &select, p.0).await?;
        rows.into_iter().map(|row| view(row, 0)).collect()
    }

    /// One remote location with its mapping.
    pub(in crate::mappings) async fn remote_location(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
        remote_id: &str,
    ) -> Result<RemoteLocationRow> {
        let values = vec![self.id().into(), integration.0.into(), remote_id.into()];
        let select = format!("SELECT {COLUMNS}, {STATUS} AS status {FROM} {OWNED} AND r.remote_id = $3");
        let rows: Vec<Row> = sql::all(db, &select, values).await?;
        let row = self.remote_location_views(db, integration, rows).await?.pop();
        Ok(row.ok_or_else(|| UserError::not_found("location"))?)
    }

    async fn remote_location_views(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
        rows: Vec<Row>,
    ) -> Result<Vec<RemoteLocationRow>> {
        let mut devices = self.devices_of(db, integration, &rows).await?;
        rows.into_iter()
            .map(|row| {
                let count = devices.remove(&row.remote_id).unwrap_or_default();
                view(row, count)
            })
            .collect()
    }

    /// How many devices are at each of the rows of a page.
    async fn devices_of(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
        rows: &[Row],
    ) -> Result<HashMap<String, i64>> {
        #[derive(FromQueryResult)]
        struct Count {
            location_id: String,
            n: i64,
        }
        let mut p = Params(vec![self.id().into(), integration.0.into()]);
        let organizations = p.list(rows.iter().map(|r| r.organization_id.as_str()));
        let locations = p.list(rows.iter().map(|r| r.remote_id.as_str()));
        let select = format!(
            "SELECT location_id, count(*) AS n FROM remote_devices
             WHERE tenant_id = $1 AND integration_id = $2 AND missing_since IS NULL
                AND organization_id IN ({organizations}) AND location_id IN ({locations}) GROUP BY location_id"
        );
        let counts: Vec<Count> = sql::all(db, &select, p.0).await?;
        Ok(counts.into_iter().map(|c| (c.location_id, c.n)).collect())
    }
}

/// How all remote locations of an integration stand.
pub(crate) async fn remote_location_status_counts(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    integration: Uuid,
) -> Result<StatusCounts> {
    listing::status_counts(db, STATUS, FROM, OWNED, vec![tenant.into(), integration.into()]).await
}

fn view(row: Row, device_count: i64) -> Result<RemoteLocationRow> {
    let status = proposal::status(&row.status)?;
    let (mapped_by, mapped_at) = proposal::made(row.mapped_by.as_deref(), row.mapped_at)?;
    let reasons = proposal::reasons(row.reasons.as_deref())?;
    let named = |(id, name): (Uuid, String)| LocationRef { id: id.into(), name };
    let target = row.location_id.zip(row.location_name).map(named);
    let runner_up = row.runner_up_id.zip(row.runner_up_name).map(|second| LocationRunnerUp {
        location: named(second),
        confidence: row.runner_up_confidence.unwrap_or_default(),
    });
    let (location, suggestion) = match status {
        MappingStatus::Mapped => (target, None),
        MappingStatus::Pending => {
            let confidence = row.confidence.unwrap_or_default();
            (None, target.map(|location| LocationSuggestion { location, confidence, reasons, runner_up }))
        }
        MappingStatus::Unmapped | MappingStatus::Ignored => (None, None),
    };
    Ok(RemoteLocationRow {
        remote_id: row.remote_id,
        name: row.name,
        address: row.address,
        organization: row.organization,
        organization_remote_id: row.organization_id,
        device_count,
        company: row.company_id.zip(row.company_name).map(|(id, name)| CompanyRef { id: id.into(), name }),
        status,
        location,
        suggestion,
        mapped_by,
        mapped_by_name: mapped_by.and(row.mapped_by_name),
        mapped_at,
        missing_since: row.missing_since.map(time),
        version: row.version,
        undo: None,
    })
}

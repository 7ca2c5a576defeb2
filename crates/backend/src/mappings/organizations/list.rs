//! Organizations with their mapping.

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
    company::CompanyRef,
    decision::{MappingFilter, MappingSelection},
    error::UserError,
    ids::IntegrationId,
    mapping::{CompanyRunnerUp, CompanySuggestion, MappingStatus, OrganizationRow, StatusCounts},
    page::{ListQuery, Listing},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

const STATUS: &str = "COALESCE(m.status, 'unmapped')";

const COLUMNS: &str = "o.remote_id, o.name, o.description, o.device_count, o.missing_since,
    COALESCE(m.status, 'unmapped') AS status, c.id AS company_id, c.name AS company_name,
    m.confidence, m.reasons, m.mapped_by, m.mapped_at, COALESCE(m.version, 0) AS version,
    rc.id AS runner_up_id, rc.name AS runner_up_name, m.runner_up_confidence, u.name AS mapped_by_name,
    (SELECT count(*) FROM remote_locations l WHERE l.integration_id = o.integration_id
        AND l.organization_id = o.remote_id AND l.missing_since IS NULL) AS location_count";

pub(super) const FROM: &str = "FROM organizations o
    LEFT JOIN organization_mappings m ON m.integration_id = o.integration_id AND m.remote_id = o.remote_id
    LEFT JOIN companies c ON c.id = m.company_id AND c.tenant_id = o.tenant_id
    LEFT JOIN companies rc ON rc.id = m.runner_up AND rc.tenant_id = o.tenant_id
    LEFT JOIN users u ON u.id = m.user_id AND u.tenant_id = o.tenant_id";

pub(super) const OWNED: &str = "WHERE o.tenant_id = $1 AND o.integration_id = $2";

const SEARCHED: &[&str] = &["o.name_key", "c.name_key"];

#[derive(FromQueryResult)]
struct Row {
    remote_id: String,
    name: String,
    description: Option<String>,
    device_count: i64,
    location_count: i64,
    missing_since: Option<i64>,
    status: String,
    company_id: Option<Uuid>,
    company_name: Option<String>,
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

fn sorts() -> [Sort; 4] {
    [
        ("name", "o.name_key {dir}"),
        ("device_count", "o.device_count {dir}, o.name_key"),
        ("company", "c.name_key {dir} NULLS LAST, o.name_key"),
        ("status", "{rank} {dir}, o.name_key"),
    ]
}

impl<A: Access> Tenant<A> {
    /// Organizations with their mapping; the search looks at their names and those of their companies.
    pub async fn organizations(
        &self,
        integration: IntegrationId,
        query: ListQuery,
        status: Option<MappingStatus>,
    ) -> Result<Listing<OrganizationRow>> {
        let window = query.window()?;
        let order = listing::order_by(&query, &sorts(), "o.remote_id")?
            .replace("{rank}", &listing::status_rank(STATUS));
        self.integration_exists(integration).await?;
        let (p, filter) = self.narrowed(integration, query.text()?, status);
        let parts = Parts { columns: COLUMNS, from: FROM, filter: &filter, order: &order };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }

    /// How many organizations stand where, under a search.
    pub async fn organization_counts(
        &self,
        integration: IntegrationId,
        search: Option<String>,
    ) -> Result<StatusCounts> {
        let text = listing::checked_search(search.as_deref())?;
        self.integration_exists(integration).await?;
        let (p, filter) = self.narrowed(integration, text.as_deref(), None);
        listing::status_counts(self.db(), STATUS, FROM, &filter, p.0).await
    }

    fn narrowed(
        &self,
        integration: IntegrationId,
        search: Option<&str>,
        status: Option<MappingStatus>,
    ) -> (Params, String) {
        let (mut p, mut filter) = (Params(vec![self.id().into(), integration.0.into()]), OWNED.to_owned());
        listing::search(&mut filter, &mut p, search, SEARCHED);
        if let Some(status) = status {
            filter.push_str(&format!(" AND {STATUS} = {}", p.push(status.as_str())));
        }
        (p, filter)
    }

    /// The organizations that a decision is about, all of them.
    pub(in crate::mappings) async fn selected_organizations(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
        select: &MappingSelection,
    ) -> Result<Vec<OrganizationRow>> {
        let (p, filter) = match select {
            MappingSelection::Filter(MappingFilter { search, status, .. }) => {
                let text = listing::checked_search(search.as_deref())?;
                self.narrowed(integration, text.as_deref(), *status)
            }
            MappingSelection::RemoteIds(ids) => {
                let (mut p, mut filter) = self.narrowed(integration, None, None);
                let ids = sql::within(db, &mut p, ids.iter().map(String::as_str));
                filter.push_str(&format!(" AND o.remote_id {ids}"));
                (p, filter)
            }
        };
        let select = format!("SELECT {COLUMNS} {FROM} {filter} ORDER BY o.name_key, o.remote_id");
        let rows: Vec<Row> = sql::all(db, &select, p.0).await?;
        rows.into_iter().map(view).collect()
    }

    /// One organization with its mapping.
    pub(in crate::mappings) async fn organization(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
        remote_id: &str,
    ) -> Result<OrganizationRow> {
        let values = vec![self.id().into(), integration.0.into(), remote_id.into()];
        let select = format!("SELECT {COLUMNS} {FROM} {OWNED} AND o.remote_id = $3");
        let row: Option<Row> = sql::one(db, &select, values).await?;
        view(row.ok_or_else(|| UserError::not_found("organization"))?)
    }
}

/// How all organizations of an integration stand.
pub(crate) async fn organization_status_counts(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    integration: Uuid,
) -> Result<StatusCounts> {
    listing::status_counts(db, STATUS, FROM, OWNED, vec![tenant.into(), integration.into()]).await
}

fn view(row: Row) -> Result<OrganizationRow> {
    let status = proposal::status(&row.status)?;
    let (mapped_by, mapped_at) = proposal::made(row.mapped_by.as_deref(), row.mapped_at)?;
    let reasons = proposal::reasons(row.reasons.as_deref())?;
    let named = |(id, name): (Uuid, String)| CompanyRef { id: id.into(), name };
    let target = row.company_id.zip(row.company_name).map(named);
    let runner_up = row.runner_up_id.zip(row.runner_up_name).map(|second| CompanyRunnerUp {
        company: named(second),
        confidence: row.runner_up_confidence.unwrap_or_default(),
    });
    let (company, suggestion) = match status {
        MappingStatus::Mapped => (target, None),
        MappingStatus::Pending => {
            let confidence = row.confidence.unwrap_or_default();
            (None, target.map(|company| CompanySuggestion { company, confidence, reasons, runner_up }))
        }
        MappingStatus::Unmapped | MappingStatus::Ignored => (None, None),
    };
    Ok(OrganizationRow {
        remote_id: row.remote_id,
        name: row.name,
        description: row.description,
        device_count: row.device_count,
        location_count: row.location_count,
        status,
        company,
        suggestion,
        mapped_by,
        mapped_by_name: mapped_by.and(row.mapped_by_name),
        mapped_at,
        missing_since: row.missing_since.map(time),
        version: row.version,
        undo: None,
    })
}

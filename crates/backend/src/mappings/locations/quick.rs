//! Quick Match of remote locations, inside each mapped company.

use super::list::{FROM, OWNED, STATUS};
use crate::{
    Result, Tenant,
    mappings::{
        decide::{self, Finding, Target, Undecided},
        decisions,
        side::Locations,
        store::{LOCATIONS, Writer},
    },
    sql,
    tenant::{Access, CanManage},
};
use domain::{
    ids::IntegrationId,
    mapping::{QuickMatchPreview, QuickMatchResult},
    matching::Subject,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

impl<A: CanManage> Tenant<A> {
    /// Maps what is certain inside each mapped company and proposes what is near; answers how the locations stand then, and how to take back
    /// what was mapped. What a user has mapped, ignored or rejected stays as it is.
    pub async fn quick_match_locations(
        &self,
        integration: IntegrationId,
        threshold: Option<f64>,
    ) -> Result<QuickMatchResult> {
        self.quick_match::<Locations>(integration, threshold).await
    }
}

impl<A: Access> Tenant<A> {
    /// What Quick Match would do, for each threshold that a user is offered. Nothing is written.
    pub async fn preview_locations(&self, integration: IntegrationId) -> Result<QuickMatchPreview> {
        self.preview::<Locations>(integration).await
    }
}

/// What is found for the rows that nobody has decided on.
pub(in crate::mappings) async fn findings(
    db: &impl ConnectionTrait,
    writer: &Writer,
) -> Result<Vec<Finding>> {
    let rows = undecided(db, writer).await?;
    let targets = locations(db, writer).await?;
    decide::find(rows, targets, LOCATIONS.noun).await
}

#[derive(FromQueryResult)]
struct Row {
    remote_id: String,
    name: String,
    address: Option<String>,
    company_id: Uuid,
}

/// Locations of mapped organizations that nobody has decided on.
async fn undecided(db: &impl ConnectionTrait, writer: &Writer) -> Result<Vec<Undecided>> {
    let select = format!(
        "SELECT r.remote_id, r.name, r.address, c.id AS company_id
         {FROM} {OWNED} AND r.missing_since IS NULL AND c.id IS NOT NULL AND c.archived_at IS NULL
            AND {STATUS} IN ('unmapped', 'pending') ORDER BY r.remote_id"
    );
    let rows: Vec<Row> = sql::all(db, &select, writer.owner().0).await?;
    let mut not: HashMap<String, _> = decisions::rejections_by_row(db, LOCATIONS, writer).await?;
    let undecided = rows.into_iter().map(|row| Undecided {
        scope: row.company_id,
        subject: Subject {
            name: row.name,
            addresses: row.address.into_iter().collect(),
            ..Subject::default()
        },
        known: Vec::new(),
        not: not.remove(&row.remote_id).unwrap_or_default(),
        imported: Default::default(),
        remote_id: row.remote_id,
    });
    Ok(undecided.collect())
}

#[derive(FromQueryResult)]
struct Location {
    id: Uuid,
    company_id: Uuid,
    name: String,
    address: Option<String>,
    psa_ref: Option<String>,
    taken: bool,
}

/// Locations in use of the mapped companies.
async fn locations(db: &impl ConnectionTrait, writer: &Writer) -> Result<Vec<Target>> {
    let select =
        "SELECT l.id, l.company_id, l.name, l.address, l.psa_ref, EXISTS (SELECT 1 FROM location_mappings m
            WHERE m.integration_id = $2 AND m.location_id = l.id AND m.status = 'mapped') AS taken
         FROM locations l WHERE l.tenant_id = $1 AND l.archived_at IS NULL AND l.company_id IN (
            SELECT company_id FROM organization_mappings
            WHERE tenant_id = $1 AND integration_id = $2 AND status = 'mapped')
         ORDER BY l.name_key, l.id";
    let rows: Vec<Location> = sql::all(db, select, writer.owner().0).await?;
    let target = |l: Location| Target {
        id: l.id,
        scope: l.company_id,
        subject: Subject {
            name: l.name,
            addresses: l.address.into_iter().collect(),
            references: l.psa_ref.into_iter().collect(),
            ..Subject::default()
        },
        taken: l.taken,
    };
    Ok(rows.into_iter().map(target).collect())
}

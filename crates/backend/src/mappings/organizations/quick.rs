//! Quick Match of organizations.

use super::{
    evidence::Evidence,
    list::{FROM, OWNED},
};
use crate::{
    Result, Tenant,
    mappings::{
        decide::{self, Finding, Target, Undecided},
        decisions,
        side::Organizations,
        store::{ORGANIZATIONS, Writer},
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
    /// Maps what is certain and proposes what is near; answers how the organizations stand then, and how to take back
    /// what was mapped. What a user has mapped, ignored or rejected stays as it is.
    pub async fn quick_match_organizations(
        &self,
        integration: IntegrationId,
        threshold: Option<f64>,
    ) -> Result<QuickMatchResult> {
        self.quick_match::<Organizations>(integration, threshold).await
    }
}

impl<A: Access> Tenant<A> {
    /// What Quick Match would do, for each threshold that a user is offered. Nothing is written.
    pub async fn preview_organizations(&self, integration: IntegrationId) -> Result<QuickMatchPreview> {
        self.preview::<Organizations>(integration).await
    }
}

/// What is found for the rows that nobody has decided on.
pub(in crate::mappings) async fn findings(
    db: &impl ConnectionTrait,
    writer: &Writer,
) -> Result<Vec<Finding>> {
    let rows = undecided(db, writer).await?;
    let targets = companies(db, writer).await?;
    decide::find(rows, targets, ORGANIZATIONS.noun).await
}

#[derive(FromQueryResult)]
struct Row {
    remote_id: String,
    name: String,
    description: Option<String>,
    clues: Option<String>,
}

async fn undecided(db: &impl ConnectionTrait, writer: &Writer) -> Result<Vec<Undecided>> {
    let select = format!(
        "SELECT o.remote_id, o.name, o.description, o.clues
         {FROM} {OWNED} AND o.missing_since IS NULL AND COALESCE(m.status, 'unmapped') IN ('unmapped', 'pending')
         ORDER BY o.remote_id"
    );
    let rows: Vec<Row> = sql::all(db, &select, writer.owner().0).await?;
    let mut evidence = Evidence::read(db, writer).await?;
    let mut imported = decisions::imported_elsewhere(db, writer).await?;
    let mut not: HashMap<String, _> = decisions::rejections_by_row(db, ORGANIZATIONS, writer).await?;
    let undecided = rows.into_iter().map(|row| Undecided {
        scope: writer.tenant,
        subject: evidence.subject(&row.remote_id, row.name, row.description, row.clues.as_deref()),
        known: evidence.known.remove(&row.remote_id).unwrap_or_default(),
        not: not.remove(&row.remote_id).unwrap_or_default(),
        imported: imported.remove(&row.remote_id).unwrap_or_default(),
        remote_id: row.remote_id,
    });
    Ok(undecided.collect())
}

#[derive(FromQueryResult)]
struct Company {
    id: Uuid,
    name: String,
    domain: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    psa_ref: Option<String>,
    taken: bool,
}

async fn companies(db: &impl ConnectionTrait, writer: &Writer) -> Result<Vec<Target>> {
    let select = "SELECT c.id, c.name, c.domain, c.phone, c.address, c.psa_ref, EXISTS (SELECT 1 FROM organization_mappings m
            WHERE m.integration_id = $2 AND m.company_id = c.id AND m.status = 'mapped') AS taken
         FROM companies c WHERE c.tenant_id = $1 AND c.archived_at IS NULL ORDER BY c.name_key, c.id";
    let rows: Vec<Company> = sql::all(db, select, writer.owner().0).await?;
    let target = |c: Company| Target {
        id: c.id,
        scope: writer.tenant,
        subject: Subject {
            name: c.name,
            domains: c.domain.into_iter().collect(),
            phones: c.phone.into_iter().collect(),
            addresses: c.address.into_iter().collect(),
            references: c.psa_ref.into_iter().collect(),
            notes: Vec::new(),
        },
        taken: c.taken,
    };
    Ok(rows.into_iter().map(target).collect())
}

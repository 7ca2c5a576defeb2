//! Quick Match of remote locations, inside each mapped company.

use super::list::{FROM, OWNED, STATUS};
use crate::{
    Result, Tenant, db,
    mappings::{
        decide::{Target, Undecided, checked_threshold, quick_match},
        store::{LOCATIONS, Writer},
    },
    sql,
    tenant::CanManage,
};
use domain::{ids::IntegrationId, mapping::QuickMatchResult};
use sea_orm::ConnectionTrait;

impl<A: CanManage> Tenant<A> {
    /// Maps what is certain inside each mapped company and proposes what is near; answers how the locations stand
    /// then. What a user has mapped or ignored stays as it is.
    pub async fn quick_match_locations(
        &self,
        integration: IntegrationId,
        threshold: Option<f64>,
    ) -> Result<QuickMatchResult> {
        let threshold = checked_threshold(threshold)?;
        self.integration_exists(integration).await?;
        let tx = db::begin(self.db()).await?;
        let writer = Writer::new(self, integration);
        let found = (undecided(&tx, writer).await?, locations(&tx, writer).await?);
        quick_match(&tx, LOCATIONS, writer, found, threshold).await?;
        tx.commit().await?;
        let counts = self.remote_location_counts(integration, None).await?;
        Ok(QuickMatchResult { mapped: counts.mapped, pending: counts.pending, unmapped: counts.unmapped })
    }
}

/// Locations of mapped organizations that nobody has decided on.
async fn undecided(tx: &impl ConnectionTrait, writer: Writer) -> Result<Vec<Undecided>> {
    let select = format!(
        "SELECT r.remote_id, r.name, c.id AS scope, {STATUS} AS status, m.location_id AS target, m.confidence, m.reasons
         {FROM} {OWNED} AND r.missing_since IS NULL AND c.id IS NOT NULL AND c.archived_at IS NULL
            AND {STATUS} IN ('unmapped', 'pending') ORDER BY r.remote_id"
    );
    Ok(sql::all(tx, &select, writer.owner().0).await?)
}

/// Locations in use of the mapped companies.
async fn locations(tx: &impl ConnectionTrait, writer: Writer) -> Result<Vec<Target>> {
    let select = "SELECT l.id, l.company_id AS scope, l.name, EXISTS (SELECT 1 FROM location_mappings m
            WHERE m.integration_id = $2 AND m.location_id = l.id AND m.status = 'mapped') AS taken
         FROM locations l WHERE l.tenant_id = $1 AND l.archived_at IS NULL AND l.company_id IN (
            SELECT company_id FROM organization_mappings
            WHERE tenant_id = $1 AND integration_id = $2 AND status = 'mapped')
         ORDER BY l.name_key, l.id";
    Ok(sql::all(tx, select, writer.owner().0).await?)
}

//! Quick Match of organizations.

use super::list::{FROM, OWNED};
use crate::{
    Result, Tenant, db,
    mappings::{
        decide::{Target, Undecided, checked_threshold, quick_match},
        store::{ORGANIZATIONS, Writer},
    },
    sql,
    tenant::CanManage,
};
use domain::{ids::IntegrationId, mapping::QuickMatchResult};
use sea_orm::ConnectionTrait;

impl<A: CanManage> Tenant<A> {
    /// Maps what is certain and proposes what is near; answers how the organizations stand then. What a user has
    /// mapped or ignored stays as it is.
    pub async fn quick_match_organizations(
        &self,
        integration: IntegrationId,
        threshold: Option<f64>,
    ) -> Result<QuickMatchResult> {
        let threshold = checked_threshold(threshold)?;
        self.integration_exists(integration).await?;
        let tx = db::begin(self.db()).await?;
        let writer = Writer::new(self, integration);
        let found = (undecided(&tx, writer).await?, companies(&tx, writer).await?);
        quick_match(&tx, ORGANIZATIONS, writer, found, threshold).await?;
        tx.commit().await?;
        let counts = self.organization_counts(integration, None).await?;
        Ok(QuickMatchResult { mapped: counts.mapped, pending: counts.pending, unmapped: counts.unmapped })
    }
}

async fn undecided(tx: &impl ConnectionTrait, writer: Writer) -> Result<Vec<Undecided>> {
    let select = format!(
        "SELECT o.remote_id, o.name, o.tenant_id AS scope, COALESCE(m.status, 'unmapped') AS status,
            m.company_id AS target, m.confidence, m.reasons
         {FROM} {OWNED} AND o.missing_since IS NULL AND COALESCE(m.status, 'unmapped') IN ('unmapped', 'pending')
         ORDER BY o.remote_id"
    );
    Ok(sql::all(tx, &select, writer.owner().0).await?)
}

async fn companies(tx: &impl ConnectionTrait, writer: Writer) -> Result<Vec<Target>> {
    let select = "SELECT c.id, c.tenant_id AS scope, c.name, EXISTS (SELECT 1 FROM organization_mappings m
            WHERE m.integration_id = $2 AND m.company_id = c.id AND m.status = 'mapped') AS taken
         FROM companies c WHERE c.tenant_id = $1 AND c.archived_at IS NULL ORDER BY c.name_key, c.id";
    Ok(sql::all(tx, select, writer.owner().0).await?)
}

//! Where was looked, and how much it is worth that nothing was found.

use crate::{
    Error, Result, Tenant,
    clock::time,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    ids::IntegrationId,
    run::Evidence,
    why::{LastSync, WhyLooked},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    devices: i64,
}

#[derive(FromQueryResult)]
struct Complete {
    id: Uuid,
    finished_at: i64,
    evidence: String,
}

impl<A: Access> Tenant<A> {
    /// The integrations that were searched: all, or one.
    pub(super) async fn looked(&self, integration: Option<IntegrationId>) -> Result<Vec<WhyLooked>> {
        let mut p = Params(vec![self.id().into()]);
        let one = integration.map_or_else(String::new, |id| format!(" AND i.id = {}", p.push(id.0)));
        let select = format!(
            "SELECT i.id, i.name, (SELECT count(*) FROM remote_devices r WHERE r.integration_id = i.id{}) AS devices
             FROM integrations i WHERE i.tenant_id = $1{one}{} ORDER BY lower(i.name), i.id",
            self.staged_within("r"),
            self.source_within("i.id")
        );
        let rows: Vec<Row> = sql::all(self.db(), &select, p.0).await?;
        let mut looked = Vec::with_capacity(rows.len());
        for row in rows {
            let last = self.last_complete_sync(row.id.into()).await?;
            looked.push(WhyLooked {
                integration_id: row.id.into(),
                integration: row.name,
                devices: row.devices,
                run_id: last.as_ref().map(|l| l.run).filter(|_| !self.is_limited()),
                finished_at: last.as_ref().map(|l| l.finished_at),
                rows: last.and_then(|l| l.rows),
            });
        }
        Ok(looked)
    }

    /// The last device sync of an integration that read everything.
    pub(crate) async fn last_complete_sync(&self, integration: IntegrationId) -> Result<Option<LastSync>> {
        let select = "SELECT id, finished_at, evidence FROM runs WHERE tenant_id = $1 AND integration_id = $2
                AND kind IN ('devices', 'all') AND state IN ('completed', 'completed_with_errors')
                AND finished_at IS NOT NULL
            ORDER BY created_at DESC LIMIT 1";
        let values = vec![self.id().into(), integration.0.into()];
        let Some(run) = sql::one::<Complete>(self.db(), select, values).await? else { return Ok(None) };
        let evidence: Vec<Evidence> = serde_json::from_str(&run.evidence).map_err(Error::internal)?;
        // How many devices the whole account has.
        let rows = evidence.iter().find(|e| e.entity == "devices").map(|e| e.distinct);
        let rows = rows.filter(|_| !self.is_limited());
        Ok(Some(LastSync { run: run.id.into(), finished_at: time(run.finished_at), rows }))
    }
}

//! What runs did about a row of staging.

use crate::{
    Error, Result, Tenant,
    clock::time,
    runs::{
        self,
        packs::{self, Packed},
    },
    sql,
    tenant::Access,
};
use domain::{
    ids::IntegrationId,
    import::ImportOutcome,
    why::{LastSync, WhyLink, WhyPlace, WhyStep},
};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

/// The runs that matter for a row of staging.
pub(super) struct Source {
    pub last: Option<LastSync>,
    /// The run that found it missing.
    pub lost_by: Option<Uuid>,
}

/// What an import said about it.
#[derive(FromQueryResult)]
pub(super) struct Said {
    pub run_id: Uuid,
    pub outcome: String,
    pub reason: Option<String>,
    pub user_name: Option<String>,
    pub at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

impl<A: Access> Tenant<A> {
    /// The runs that matter for a row.
    pub(super) async fn why_source(&self, integration: IntegrationId, remote_id: &str) -> Result<Source> {
        let last = self.last_complete_sync(integration).await?;
        let lost = "SELECT u.id FROM runs u JOIN run_changes x ON x.run_id = u.id AND x.entity = 'device'
                AND x.remote_id = $3 AND x.change IN ('missing', 'decommissioned')
            WHERE u.tenant_id = $1 AND u.integration_id = $2 ORDER BY u.created_at DESC LIMIT 1";
        let values = vec![self.id().into(), integration.0.into(), remote_id.into()];
        let lost: Option<Id> = sql::one(self.db(), lost, values).await?;
        Ok(Source { last, lost_by: lost.map(|run| run.id) })
    }

    /// The import that made or linked its device (`done`), or the last one that could not.
    pub(super) async fn why_import(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        done: bool,
    ) -> Result<Option<WhyStep>> {
        let outcomes = if done { "('created', 'linked')" } else { "('failed')" };
        let packed = if done {
            let holding = packs::holding(self.db(), Packed::Created, "u.id", "$3");
            format!(
                "UNION ALL SELECT u.id, 'created', NULL, u.user_name, u.finished_at, u.created_at FROM runs u {holding}
                 WHERE u.tenant_id = $1 AND u.integration_id = $2 AND u.kind = 'import'"
            )
        } else {
            String::new()
        };
        let select = format!(
            "SELECT x.run_id, x.outcome, x.reason, u.user_name, u.finished_at AS at, u.created_at FROM runs u
             JOIN import_results x ON x.run_id = u.id AND x.remote_id = $3 AND x.outcome IN {outcomes}
             WHERE u.tenant_id = $1 AND u.integration_id = $2 AND u.kind = 'import' {packed}
             ORDER BY created_at DESC LIMIT 1"
        );
        let values = vec![self.id().into(), integration.0.into(), remote_id.into()];
        if self.is_limited() && !done {
            // Its reason may name another company's device.
            return Ok(None);
        }
        let Some(found) = sql::one::<Said>(self.db(), &select, values).await? else { return Ok(None) };
        let outcome = ImportOutcome::from_str(&found.outcome).map_err(Error::internal)?;
        let step = match (outcome, found.reason.as_deref()) {
            (ImportOutcome::Failed, reason) => WhyStep::import_failed(reason.unwrap_or_default()),
            (_, reason) => WhyStep::imported(found.user_name.as_deref(), reason),
        };
        let link = WhyLink::at(WhyPlace::Run, "That import", integration).with(found.run_id);
        Ok(Some(step.when(found.at.map(time)).link(link)))
    }

    /// Changes of it that wait for a decision.
    pub(super) async fn why_held(&self, integration: IntegrationId, remote_id: &str) -> Result<Vec<WhyStep>> {
        if self.is_limited() {
            // A question is about all that a run held back.
            return Ok(Vec::new());
        }
        let select = format!(
            "{} q WHERE q.tenant_id = $1 AND q.integration_id = $2 AND q.state = 'open' AND EXISTS (
                SELECT 1 FROM held_changes h WHERE h.run_id = q.run_id AND h.entity = 'device' AND h.remote_id = $3
                    AND h.question_id = q.id)",
            runs::QUESTIONS
        );
        let values = vec![self.id().into(), integration.0.into(), remote_id.into()];
        let rows: Vec<runs::QuestionRow> = sql::all(self.db(), &select, values).await?;
        let step = |row: runs::QuestionRow| {
            let run = row.run_id;
            let question = runs::question(row)?;
            let link = WhyLink::at(WhyPlace::Questions, "Decide", integration).with(run);
            Ok(WhyStep::held_back(&question.sentence()).when(Some(question.created_at)).link(link))
        };
        rows.into_iter().map(step).collect()
    }
}

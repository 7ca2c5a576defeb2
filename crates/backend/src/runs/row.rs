//! A run as the database keeps it.

use crate::{
    Result, Tenant,
    clock::time,
    error::Error,
    sql,
    tenant::{Access, CanManage},
};
use domain::{
    error::UserError,
    ids::{IntegrationId, RunId},
    page::{ListQuery, Listing},
    run::{Counts, Phase, Run, RunKind, RunState, StartedBy},
};
use sea_orm::FromQueryResult;
use serde::de::DeserializeOwned;
use std::str::FromStr;
use uuid::Uuid;

/// Every column that a [`RunRow`] reads.
pub(crate) const SELECT: &str = "SELECT id, tenant_id, integration_id, kind, state, phase, done, total, added, changed,
    unchanged, missing, failed, requests, started_by, user_name, created_at, started_at, finished_at, notice, problem,
    warnings, evidence, cancel_requested, selection, attempt FROM runs";

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct RunRow {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub integration_id: Uuid,
    pub kind: String,
    pub state: String,
    pub phase: String,
    pub done: i64,
    pub total: Option<i64>,
    pub added: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub missing: i64,
    pub failed: i64,
    pub requests: i64,
    pub started_by: String,
    pub user_name: Option<String>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub notice: Option<String>,
    pub problem: Option<String>,
    pub warnings: String,
    pub evidence: String,
    pub cancel_requested: bool,
    pub selection: Option<String>,
    pub attempt: i64,
}

impl RunRow {
    /// The run as everybody sees it.
    pub fn view(self) -> Result<Run> {
        Ok(Run {
            id: self.id.into(),
            integration_id: self.integration_id.into(),
            kind: RunKind::from_str(&self.kind).map_err(Error::internal)?,
            state: RunState::from_str(&self.state).map_err(Error::internal)?,
            phase: Phase::from_str(&self.phase).map_err(Error::internal)?,
            done: self.done,
            total: self.total,
            counts: self.counts(),
            requests: self.requests,
            started_by: StartedBy::from_str(&self.started_by).map_err(Error::internal)?,
            user: self.user_name,
            created_at: time(self.created_at),
            started_at: self.started_at.map(time),
            finished_at: self.finished_at.map(time),
            notice: self.notice,
            problem: self.problem.as_deref().map(json).transpose()?,
            warnings: json(&self.warnings)?,
            evidence: json(&self.evidence)?,
            cancel_requested: self.cancel_requested,
        })
    }

    pub fn counts(&self) -> Counts {
        Counts {
            added: self.added,
            changed: self.changed,
            unchanged: self.unchanged,
            missing: self.missing,
            failed: self.failed,
        }
    }
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

impl<A: Access> Tenant<A> {
    /// One run.
    pub async fn run(&self, id: RunId) -> Result<Run> {
        self.run_row(id).await?.view()
    }

    pub(crate) async fn run_row(&self, id: RunId) -> Result<RunRow> {
        let select = format!("{SELECT} WHERE id = $1 AND tenant_id = $2");
        let row = sql::one(self.db(), &select, vec![id.0.into(), self.id().into()]).await?;
        Ok(row.ok_or_else(|| UserError::not_found("run"))?)
    }

    /// Runs of an integration, newest first.
    pub async fn runs(&self, integration: IntegrationId, query: ListQuery) -> Result<Listing<Run>> {
        let window = query.window()?;
        self.integration_exists(integration).await?;
        let owner = || vec![integration.0.into(), self.id().into()];
        let total = "SELECT count(*) AS n FROM runs WHERE integration_id = $1 AND tenant_id = $2";
        let total = sql::count(self.db(), total, owner()).await?;
        let (size, offset) = (window.size, window.offset());
        let rows: Vec<RunRow> = sql::all(
            self.db(),
            &format!(
                "{SELECT} WHERE integration_id = $1 AND tenant_id = $2
                 ORDER BY created_at DESC, id DESC LIMIT {size} OFFSET {offset}"
            ),
            owner(),
        )
        .await?;
        let items = rows.into_iter().map(RunRow::view).collect::<Result<_>>()?;
        Ok(Listing::new(items, total, window))
    }
}

impl<A: CanManage> Tenant<A> {
    /// Asks a run to stop; what it has written stays, whole pages only.
    pub async fn cancel_run(&self, id: RunId) -> Result<Run> {
        let row = self.run_row(id).await?;
        let values = || vec![id.0.into(), self.id().into(), self.now().into()];
        // A run that nobody executes ends at once.
        let queued =
            "UPDATE runs SET state = 'cancelled', cancel_requested = TRUE, phase = 'done', finished_at = $3
                      WHERE id = $1 AND tenant_id = $2 AND state IN ('queued', 'paused')";
        if sql::execute(self.db(), queued, values()).await? == 0 {
            let running = "UPDATE runs SET cancel_requested = TRUE WHERE id = $1 AND tenant_id = $2 AND state = 'running'";
            sql::execute(self.db(), running, vec![id.0.into(), self.id().into()]).await?;
        }
        self.portal().hub().wake(row.id.into());
        self.run(id).await
    }
}

//! A run as the database keeps it.

use crate::{Result, Tenant, clock::time, error::Error, sql, tenant::Access};
use domain::{
    error::UserError,
    ids::RunId,
    run::{Counts, Phase, Run, RunKind, RunState, StartedBy},
};
use sea_orm::FromQueryResult;
use serde::de::DeserializeOwned;
use std::str::FromStr;
use uuid::Uuid;

/// Every column that a [`RunRow`] reads.
pub(crate) const SELECT: &str = "SELECT id, tenant_id, integration_id, kind, state, phase, done, total, added, changed,
    unchanged, moved, missing, returned, failed, requests, retries, rate, started_by, user_name, created_at, started_at,
    finished_at, notice, problem, warnings, evidence, cancel_requested, pause_requested, selection, attempt, retry_at,
    retry_of,
    (SELECT n.id FROM runs n WHERE n.retry_of = runs.id AND n.state NOT IN ('failed', 'cancelled')
        ORDER BY n.created_at DESC, n.id DESC LIMIT 1) AS retried_by,
    (SELECT count(*) FROM run_questions q WHERE q.run_id = runs.id AND q.state = 'open') AS open_questions,
    (SELECT count(*) FROM run_errors e WHERE e.run_id = runs.id) AS errors FROM runs";

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
    pub moved: i64,
    pub missing: i64,
    pub returned: i64,
    pub failed: i64,
    pub requests: i64,
    pub retries: i64,
    pub rate: Option<i64>,
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
    pub pause_requested: bool,
    pub selection: Option<String>,
    pub attempt: i64,
    pub retry_at: Option<i64>,
    pub retry_of: Option<Uuid>,
    pub retried_by: Option<Uuid>,
    pub open_questions: i64,
    pub errors: i64,
}

impl RunRow {
    /// The run as everybody sees it.
    pub fn view(self) -> Result<Run> {
        let eta_seconds = self.eta_seconds();
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
            retries: self.retries,
            rate: self.rate.filter(|_| self.state == RunState::Running.as_str()),
            eta_seconds,
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
            pause_requested: self.pause_requested,
            attempt: self.attempt,
            next_attempt_at: self.retry_at.map(time),
            retry_of: self.retry_of.map(Into::into),
            retried_by: self.retried_by.map(Into::into),
            open_questions: self.open_questions,
            errors: self.errors,
        })
    }

    /// How long the present phase still takes at the present rate; only while the run is at work.
    fn eta_seconds(&self) -> Option<i64> {
        let (rate, total) = (self.rate.filter(|rate| *rate > 0)?, self.total?);
        (self.state == RunState::Running.as_str()).then(|| ((total - self.done).max(0) + rate - 1) / rate)
    }

    pub fn counts(&self) -> Counts {
        Counts {
            added: self.added,
            changed: self.changed,
            unchanged: self.unchanged,
            moved: self.moved,
            missing: self.missing,
            returned: self.returned,
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
}

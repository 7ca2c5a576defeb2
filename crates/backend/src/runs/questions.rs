//! The parts of runs that were held back, as their pages show them.

use crate::{
    Error, Result, Tenant,
    clock::time,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    error::UserError,
    ids::{IntegrationId, QuestionId, RunId},
    run::{ChangeKind, Question, QuestionState, Scope},
};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

/// Most questions of one answer: the open ones and the newest.
const MOST: u32 = 200;

pub(crate) const SELECT: &str =
    "SELECT id, run_id, integration_id, entity, change, scope, scope_name, affected, of_rows, state,
    user_name, decided_at, applied_by, created_at FROM run_questions";

/// A question as the database keeps it.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct QuestionRow {
    pub id: Uuid,
    pub run_id: Uuid,
    pub integration_id: Uuid,
    pub entity: String,
    pub change: String,
    pub scope: String,
    pub scope_name: Option<String>,
    pub affected: i64,
    pub of_rows: i64,
    pub state: String,
    pub user_name: Option<String>,
    pub decided_at: Option<i64>,
    pub applied_by: Option<Uuid>,
    pub created_at: i64,
}

impl<A: Access> Tenant<A> {
    /// What runs of an integration held back, open ones first, then the newest.
    pub async fn questions(
        &self,
        integration: IntegrationId,
        run: Option<RunId>,
        state: Option<QuestionState>,
    ) -> Result<Vec<Question>> {
        self.integration_exists(integration).await?;
        let mut p = Params(vec![integration.0.into(), self.id().into()]);
        let mut filter = "WHERE integration_id = $1 AND tenant_id = $2".to_owned();
        if let Some(run) = run {
            self.run_row(run).await?;
            filter.push_str(&format!(" AND run_id = {}", p.push(run.0)));
        }
        if let Some(state) = state {
            filter.push_str(&format!(" AND state = {}", p.push(state.as_str())));
        }
        let select = format!(
            "{SELECT} {filter} ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, created_at DESC, id DESC LIMIT {MOST}"
        );
        let rows: Vec<QuestionRow> = sql::all(self.db(), &select, p.0).await?;
        rows.into_iter().map(view).collect()
    }

    /// One question.
    pub(crate) async fn question_row(&self, id: QuestionId) -> Result<QuestionRow> {
        let select = format!("{SELECT} WHERE id = $1 AND tenant_id = $2");
        let row = sql::one(self.db(), &select, vec![id.0.into(), self.id().into()]).await?;
        Ok(row.ok_or_else(|| UserError::not_found("question"))?)
    }
}

/// The question as everybody sees it.
pub(crate) fn view(row: QuestionRow) -> Result<Question> {
    Ok(Question {
        id: row.id.into(),
        run_id: row.run_id.into(),
        integration_id: row.integration_id.into(),
        entity: row.entity,
        change: ChangeKind::from_str(&row.change).map_err(Error::internal)?,
        scope: Scope::from_str(&row.scope).map_err(Error::internal)?,
        scope_name: row.scope_name,
        affected: row.affected,
        of: row.of_rows,
        state: QuestionState::from_str(&row.state).map_err(Error::internal)?,
        decided_by: row.user_name,
        decided_at: row.decided_at.map(time),
        applied_by: row.applied_by.map(Into::into),
        created_at: time(row.created_at),
    })
}

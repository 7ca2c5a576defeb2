//! Deciding what becomes of what a run held back.

use super::{
    Request, Selection,
    note::note_run,
    questions::{QuestionRow, view},
    request,
};
use crate::{Error, Result, Tenant, db, sql, tenant::CanManage};
use domain::{
    audit::AuditAction,
    error::UserError,
    ids::{IntegrationId, QuestionId},
    run::{Decision, Question, QuestionState, RunKind, StartedBy},
};
use serde_json::json;

impl<A: CanManage> Tenant<A> {
    /// Applies what was held back, by a run of its own, or leaves it alone. A question is decided once.
    pub async fn decide(&self, id: QuestionId, decision: Decision) -> Result<Question> {
        let question = self.question_row(id).await?;
        if question.state != QuestionState::Open.as_str() {
            return Err(decided().into());
        }
        match decision {
            Decision::Discard => self.discard(&question).await?,
            Decision::Apply => self.apply(id, question.integration_id.into()).await?,
        }
        self.portal().hub().wake(question.run_id.into());
        view(self.question_row(id).await?)
    }

    /// The next attempt would only ask again.
    async fn discard(&self, question: &QuestionRow) -> Result<()> {
        let update =
            "UPDATE run_questions SET state = 'discarded', user_id = $3, user_name = $4, decided_at = $5
            WHERE id = $1 AND tenant_id = $2 AND state = 'open'";
        let tx = db::begin(self.db()).await?;
        if sql::execute(&tx, update, self.signed(question.id.into())).await? == 0 {
            return Err(decided().into());
        }
        let rest = "UPDATE runs SET retry_at = NULL WHERE id = $1 AND tenant_id = $2";
        sql::execute(&tx, rest, vec![question.run_id.into(), self.id().into()]).await?;
        let details = json!({ "part": question.scope_name, "rows": question.affected });
        let run = (question.run_id.into(), question.integration_id);
        note_run(self, &tx, AuditAction::HeldChangesDiscarded, run, details).await?;
        Ok(tx.commit().await?)
    }

    /// The question is closed by the run, together with what it applies.
    async fn apply(&self, id: QuestionId, integration: IntegrationId) -> Result<()> {
        let selection = serde_json::to_string(&Selection::Held(id)).map_err(Error::internal)?;
        let wanted = Request {
            selection: Some(selection),
            ..Request::new(integration, RunKind::Apply, StartedBy::User)
        };
        let (run, new) = request(self, wanted).await?;
        if !new {
            let message = "A run of this integration is going on; a sync looks at these rows anew. Decide when it has ended.";
            return Err(UserError::conflict(message).into());
        }
        let update = "UPDATE run_questions SET user_id = $3, user_name = $4, decided_at = $5, applied_by = $6
            WHERE id = $1 AND tenant_id = $2";
        let mut values = self.signed(id);
        values.push(run.id.0.into());
        db::write(self.db(), update, values).await?;
        Ok(())
    }

    fn signed(&self, id: QuestionId) -> Vec<sea_orm::Value> {
        let actor = self.actor();
        vec![
            id.0.into(),
            self.id().into(),
            actor.map(|a| a.id.0).into(),
            actor.map(|a| a.name.clone()).into(),
            self.now().into(),
        ]
    }
}

fn decided() -> UserError {
    UserError::conflict(
        "This was decided already, or a later run has looked at the rows anew. Reload the page.",
    )
}

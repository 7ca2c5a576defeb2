//! What users may do with a run that goes on or has ended: pause, resume, cancel, try again.

use super::{Request, Selection, note::note_run, request, row::RunRow};
use crate::{
    Error, Result, Tenant,
    db::{self, Tx},
    sql,
    tenant::CanManage,
};
use domain::{
    audit::AuditAction,
    error::UserError,
    ids::{IntegrationId, RunId},
    run::{Run, RunKind, RunState, StartedBy},
};
use serde_json::json;
use std::str::FromStr;

impl<A: CanManage> Tenant<A> {
    /// Asks a run to stop; what it has written stays, whole pages only.
    pub async fn cancel_run(&self, id: RunId) -> Result<Run> {
        let row = self.run_row(id).await?;
        // A run that nobody executes ends at once.
        let idle =
            "UPDATE runs SET state = 'cancelled', cancel_requested = TRUE, phase = 'done', finished_at = $3
            WHERE id = $1 AND tenant_id = $2
                AND (state IN ('queued', 'paused') OR (state = 'running' AND lease_until < $3))";
        let tx = db::begin(self.db()).await?;
        let values = vec![id.0.into(), self.id().into(), self.now().into()];
        if sql::execute(&tx, idle, values).await? + self.ask(&tx, id, "cancel_requested").await? > 0 {
            self.note_control(&tx, AuditAction::RunCancelled, &row).await?;
        }
        tx.commit().await?;
        self.shown(id).await
    }

    /// Asks a run to hold on after the pages it has written. It keeps its place until it is resumed or cancelled.
    pub async fn pause_run(&self, id: RunId) -> Result<Run> {
        let row = self.run_row(id).await?;
        let queued = "UPDATE runs SET state = 'paused' WHERE id = $1 AND tenant_id = $2 AND state = 'queued'";
        let tx = db::begin(self.db()).await?;
        let touched = sql::execute(&tx, queued, vec![id.0.into(), self.id().into()]).await?
            + self.ask(&tx, id, "pause_requested").await?;
        match touched {
            0 if row.state != RunState::Paused.as_str() => return Err(ended()),
            0 => {}
            _ => self.note_control(&tx, AuditAction::RunPaused, &row).await?,
        }
        tx.commit().await?;
        self.shown(id).await
    }

    /// Lets a paused run go on where it was.
    pub async fn resume_run(&self, id: RunId) -> Result<Run> {
        let row = self.run_row(id).await?;
        // The attempt is part of the job's key: the job of the last one may have been there already.
        let resume = "UPDATE runs SET state = 'queued', pause_requested = FALSE, lease_until = 0, attempt = attempt + 1
            WHERE id = $1 AND tenant_id = $2 AND state = 'paused'";
        let tx = db::begin(self.db()).await?;
        let resumed = sql::execute(&tx, resume, vec![id.0.into(), self.id().into()]).await?;
        // One that has not stopped yet: the wish is taken back.
        let unask =
            "UPDATE runs SET pause_requested = FALSE WHERE id = $1 AND tenant_id = $2 AND state = 'running'";
        let unasked = sql::execute(&tx, unask, vec![id.0.into(), self.id().into()]).await?;
        match resumed + unasked {
            0 if row.state != RunState::Queued.as_str() => return Err(ended()),
            0 => {}
            _ => self.note_control(&tx, AuditAction::RunResumed, &row).await?,
        }
        tx.commit().await?;
        if resumed == 1 {
            self.portal().queue().hand_over(id, row.attempt + 1).await;
        }
        self.shown(id).await
    }

    /// Starts a run for what failed: of an import the failed devices, of a sync all of its kind.
    pub async fn retry_failed(&self, id: RunId) -> Result<Run> {
        let row = self.run_row(id).await?;
        let state = RunState::from_str(&row.state).map_err(Error::internal)?;
        if state.is_active() {
            return Err(UserError::conflict("This run is still going on. Wait until it has ended.").into());
        }
        let kind = RunKind::from_str(&row.kind).map_err(Error::internal)?;
        let selection = match kind {
            RunKind::Apply => {
                let message = "Start a sync: it looks at everything anew.";
                return Err(UserError::invalid("run_id", message).into());
            }
            RunKind::Import => {
                self.check_any_failed(&row).await?;
                Some(serde_json::to_string(&Selection::FailedOf(id)).map_err(Error::internal)?)
            }
            _ => None,
        };
        // It is the first of its row: the next attempts by themselves begin anew.
        let retry_of = Some((id, 0));
        let wanted = Request::new(IntegrationId(row.integration_id), kind, StartedBy::User);
        Ok(request(self, Request { selection, retry_of, ..wanted }).await?.0)
    }

    async fn check_any_failed(&self, row: &RunRow) -> Result<()> {
        let count = "SELECT count(*) AS n FROM import_results WHERE run_id = $1 AND tenant_id = $2 AND outcome = 'failed'";
        if sql::count(self.db(), count, vec![row.id.into(), self.id().into()]).await? == 0 {
            return Err(UserError::invalid("run_id", "No device of this import failed.").into());
        }
        Ok(())
    }

    async fn note_control(&self, tx: &Tx, action: AuditAction, row: &RunRow) -> Result<()> {
        note_run(self, tx, action, (RunId(row.id), row.integration_id), json!({ "kind": row.kind })).await
    }

    async fn ask(&self, tx: &Tx, id: RunId, wish: &str) -> Result<u64> {
        let ask =
            format!("UPDATE runs SET {wish} = TRUE WHERE id = $1 AND tenant_id = $2 AND state = 'running'");
        Ok(sql::execute(tx, &ask, vec![id.0.into(), self.id().into()]).await?)
    }

    async fn shown(&self, id: RunId) -> Result<Run> {
        self.portal().hub().wake(id);
        self.run(id).await
    }
}

fn ended() -> Error {
    UserError::conflict("This run has ended already. Reload the page.").into()
}

//! Undoing a merge of companies: what it moved goes back, as far as it is still where the merge put it.

use super::{
    give_back::Back,
    history::NewEvent,
    merge_record::{Record, Undo},
};
use crate::{
    Error, Result, Tenant,
    audit::{self, Subject},
    clock::time,
    db::{self, Tx},
    sql,
    tenant::{Access, CanManage},
};
use domain::{
    audit::AuditAction,
    company::{Company, CompanyRef},
    company_overview::{CompanyEventKind, CompanyUnmerge, MergedCompany},
    error::UserError,
    ids::CompanyId,
    number::things,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

/// A merge that was not undone, and no later one of the same company: `m`.
const OPEN: &str = "m.undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM company_merges later
    WHERE later.company_id = m.company_id AND later.undone_at IS NULL AND later.id > m.id)";

/// What `m` moved is kept still: [`prune`](super::merge_record::prune) empties it.
const KEPT: &str = "m.undo <> ''";

/// A merge as it is kept.
#[derive(FromQueryResult)]
struct Kept {
    id: Uuid,
    into_id: Uuid,
    undo: String,
}

#[derive(FromQueryResult)]
struct MergedRow {
    id: Uuid,
    name: String,
    at: i64,
    user_name: Option<String>,
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

impl<A: Access> Tenant<A> {
    /// Whether the last merge of a company can be undone.
    pub(super) async fn can_unmerge(&self, id: CompanyId) -> Result<bool> {
        let count = format!(
            "SELECT count(*) AS n FROM company_merges m
             WHERE m.tenant_id = $1 AND m.company_id = $2 AND {OPEN} AND {KEPT}"
        );
        Ok(sql::count(self.db(), &count, vec![self.id().into(), id.0.into()]).await? > 0)
    }

    /// Companies that were merged into this one and can be taken out again, the last one first.
    pub(super) async fn merged_companies(&self, id: CompanyId) -> Result<Vec<MergedCompany>> {
        let select = format!(
            "SELECT c.id, c.name, m.at, m.user_name FROM company_merges m JOIN companies c ON c.id = m.company_id
             WHERE m.tenant_id = $1 AND m.into_id = $2 AND {OPEN} AND {KEPT}{} ORDER BY m.id DESC",
            self.within("c.id")
        );
        let rows: Vec<MergedRow> = sql::all(self.db(), &select, vec![self.id().into(), id.0.into()]).await?;
        let view = |row: MergedRow| MergedCompany {
            company: CompanyRef { id: row.id.into(), name: row.name },
            at: time(row.at),
            by: row.user_name,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

impl<A: CanManage> Tenant<A> {
    /// Takes a company out again of the one that it was merged into last; `dry_run` only says what would go back. What has moved
    /// on since stays and is named. It is refused, and nothing is changed, where what stays needs what would go back.
    pub async fn unmerge_companies(&self, id: CompanyId, dry_run: bool) -> Result<CompanyUnmerge> {
        let merged = self.company(id).await?;
        if dry_run {
            // Outside of a transaction: whoever only looks keeps nobody waiting.
            let kept = self.last_merge(self.db(), &merged).await?;
            let from = self.company(kept.into_id.into()).await?;
            let undo = self.undo_of(self.db(), kept, (merged, from)).await?;
            return self.plan_unmerge(self.db(), &undo).await;
        }
        let tx = db::begin(self.db()).await?;
        self.lock_places(&tx).await?;
        let kept = self.take_merge(&tx, &merged).await?;
        let both = self.hold_both(&tx, id, kept.into_id.into()).await?;
        let undo = self.undo_of(&tx, kept, both).await?;
        let plan = self.plan_unmerge(&tx, &undo).await?;
        Back { tenant: self, tx: &tx, undo: &undo }.all().await?;
        self.note_unmerge(&tx, &plan).await?;
        tx.commit().await?;
        Ok(CompanyUnmerge { done: true, ..plan })
    }

    /// The last merge of a company.
    async fn last_merge(&self, db: &impl ConnectionTrait, company: &Company) -> Result<Kept> {
        let select = format!(
            "SELECT m.id, m.into_id, m.undo FROM company_merges m WHERE m.tenant_id = $1 AND m.company_id = $2 AND {OPEN}"
        );
        let kept: Option<Kept> = sql::one(db, &select, vec![self.id().into(), company.id.0.into()]).await?;
        let kept = kept.ok_or_else(|| no_merge(company))?;
        match kept.undo.is_empty() {
            true => Err(self.kept_no_more(company).into()),
            false => Ok(kept),
        }
    }

    /// The same, taken so that of two at once the second one is told.
    async fn take_merge(&self, tx: &Tx, company: &Company) -> Result<Kept> {
        let kept = self.last_merge(tx, company).await?;
        let take = "UPDATE company_merges SET undone_at = $3, undone_by = $4
            WHERE tenant_id = $1 AND id = $2 AND undone_at IS NULL AND undo <> ''";
        let values: Vec<Value> = vec![
            self.id().into(),
            kept.id.into(),
            self.now().into(),
            self.actor().map(|a| a.name.clone()).into(),
        ];
        match sql::execute(tx, take, values).await? {
            0 => Err(no_merge(company).into()),
            _ => Ok(kept),
        }
    }

    fn kept_no_more(&self, company: &Company) -> UserError {
        let days = i64::from(self.portal().config().keep_changes_days.max(1));
        UserError::conflict(format!(
            "The merge of {0} cannot be undone any more: what a merge moved is kept for {1}. Restore {0} instead, and move to it \
             what belongs there.",
            company.name,
            things(days, "day", "days")
        ))
    }

    /// What is kept of a merge, with both companies as they are.
    async fn undo_of(
        &self,
        db: &impl ConnectionTrait,
        kept: Kept,
        (company, from): (Company, Company),
    ) -> Result<Undo> {
        self.refuse_merged_on(db, &kept, &from).await?;
        let record: Record = serde_json::from_str(&kept.undo).map_err(Error::internal)?;
        Ok(Undo { merge: kept.id, record, company, from })
    }

    /// What went there is elsewhere once the other company was merged on.
    async fn refuse_merged_on(&self, db: &impl ConnectionTrait, kept: &Kept, from: &Company) -> Result<()> {
        let select = "SELECT c.name FROM company_merges m JOIN companies c ON c.id = m.into_id
            WHERE m.tenant_id = $1 AND m.company_id = $2 AND m.undone_at IS NULL AND m.id > $3 ORDER BY m.id LIMIT 1";
        let values = vec![self.id().into(), from.id.0.into(), kept.id.into()];
        let Some(Name { name }) = sql::one(db, select, values).await? else { return Ok(()) };
        let message = format!("{} was merged into {name} since. Undo that merge first.", from.name);
        Err(UserError::conflict(message).into())
    }

    async fn note_unmerge(&self, tx: &Tx, answer: &CompanyUnmerge) -> Result<()> {
        let CompanyUnmerge { company, from, devices, organizations, devices_left, .. } = answer;
        let what = format!(
            "{} and {}",
            things(*devices, "device", "devices"),
            things(*organizations, "mapped organization", "mapped organizations")
        );
        let left = match devices_left {
            0 => String::new(),
            n => format!(" {} moved on since and stayed.", things(*n, "device", "devices")),
        };
        let came = format!("The merge into {} was undone: {what} came back.{left}", from.name);
        let came = NewEvent::new(company.id, CompanyEventKind::Unmerged, came);
        let went = format!("The merge of {} into it was undone: {what} went back.{left}", company.name);
        let went = NewEvent::new(from.id, CompanyEventKind::Unmerged, went);
        let both = [NewEvent { other: Some(from.id), ..came }, NewEvent { other: Some(company.id), ..went }];
        self.note_companies(tx, both).await?;
        let details = json!({
            "from": from.name, "devices": devices, "organizations": organizations, "devices_left": devices_left
        });
        let subject = Subject::company(company.id, &company.name);
        audit::note(self, tx, AuditAction::CompanyUnmerged, subject, details).await
    }
}

fn no_merge(company: &Company) -> UserError {
    UserError::conflict(format!(
        "There is no merge of {} to undo: it was undone already, or it was made before merges could be undone. \
         Reload the page.",
        company.name
    ))
}

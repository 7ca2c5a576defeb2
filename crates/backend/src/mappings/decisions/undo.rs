//! Taking a decision back.

use super::{
    apply::{Applied, carry_out, remap},
    change::Change,
    rejections,
};
use crate::{
    Error, Result, Tenant,
    audit::MOST_NAMED,
    db,
    mappings::{
        note::{Named, note_many, note_removed},
        store::{self, State, Table, Writer},
    },
    sql,
    tenant::CanManage,
};
use domain::{
    audit::AuditAction,
    decision::{Decided, MAX_SKIPPED, MappingSubject, SkippedRow},
    error::UserError,
    ids::{DecisionId, IntegrationId},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

/// Rows of one statement.
const CHUNK: usize = 500;

#[derive(FromQueryResult)]
struct Head {
    integration_id: Uuid,
    subject: String,
    undone_at: Option<i64>,
}

/// What the decision did to one mapping.
#[derive(FromQueryResult)]
struct Done {
    remote_id: String,
    name: String,
    before: String,
    version: i64,
    created: Option<Uuid>,
    rejected: Option<Uuid>,
    restored: Option<Uuid>,
}

impl<A: CanManage> Tenant<A> {
    /// Puts the mappings of a decision back to what they were before it. Those that were changed again since stay as
    /// they are and are named. `confirm` as for the decisions themselves.
    pub async fn undo_decision(&self, id: DecisionId, confirm: bool) -> Result<Decided> {
        let head = self.decision_head(self.db(), id).await?;
        let writer = Writer::new(self, IntegrationId(head.integration_id));
        let tx = db::begin(self.db()).await?;
        store::lock(&tx, writer.integration).await?;
        if self.decision_head(&tx, id).await?.undone_at.is_some() {
            return Err(UserError::conflict("This was undone already. Reload the page.").into());
        }
        let mut outcome = Undone::default();
        // Organizations first: their locations can only be mapped inside their companies.
        let main = MappingSubject::from_str(&head.subject).map_err(Error::internal)?;
        let subjects = match main {
            MappingSubject::Organization => vec![MappingSubject::Organization, MappingSubject::Location],
            MappingSubject::Location => vec![main],
        };
        let (mut applied, mut removed) = (Applied::default(), Vec::new());
        for subject in subjects {
            let table = Table::of(subject);
            let rows = done(&tx, &writer, id, subject).await?;
            let back = outcome.back(&tx, (table, &writer), rows, subject == main).await?;
            let changes: Vec<&Change> = back.iter().map(|b| &b.change).collect();
            carry_out(&tx, (table, &writer), &changes, confirm).await?;
            removed.push((table, note(&tx, (table, &writer), id, &back).await?));
            applied.run = remap(self, &tx, (table, &writer), &changes).await?.or(applied.run);
        }
        if outcome.changed == 0 {
            return Err(UserError::conflict(
                "Everything of this was changed again since, so nothing was undone. Change the rows themselves.",
            )
            .into());
        }
        close(&tx, &writer, id).await?;
        for (table, gone) in removed {
            note_removed(self, &tx, table, gone).await?;
        }
        let names = outcome.names.join(", ");
        let details = json!({ "of": main.as_str(), "rows": outcome.changed, "names": names, "decision": id });
        note_many(self, &tx, writer.integration, AuditAction::MappingUndone, details).await?;
        tx.commit().await?;
        self.push_remap(applied.run).await;
        Ok(outcome.answer(applied))
    }

    async fn decision_head(&self, db: &impl ConnectionTrait, id: DecisionId) -> Result<Head> {
        let select = "SELECT integration_id, subject, undone_at FROM mapping_decisions WHERE id = $1 AND tenant_id = $2";
        let head: Option<Head> = sql::one(db, select, vec![id.0.into(), self.id().into()]).await?;
        Ok(head.ok_or_else(|| UserError::not_found("decision"))?)
    }
}

async fn done(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    id: DecisionId,
    subject: MappingSubject,
) -> Result<Vec<Done>> {
    let names = match subject {
        MappingSubject::Organization => "organizations",
        MappingSubject::Location => "remote_locations",
    };
    let mut p = writer.owner();
    let select = format!(
        "SELECT d.remote_id, COALESCE(n.name, d.remote_id) AS name, d.before, d.version, d.created, d.rejected,
            d.restored
         FROM mapping_decision_rows d
         LEFT JOIN {names} n ON n.integration_id = d.integration_id AND n.remote_id = d.remote_id
         WHERE d.tenant_id = $1 AND d.integration_id = $2 AND d.decision_id = {} AND d.subject = {} AND NOT d.undone
         ORDER BY d.remote_id",
        p.push(Uuid::from(id)),
        p.push(subject.as_str())
    );
    Ok(sql::all(tx, &select, p.0).await?)
}

/// A change that takes one back, and the version that the mapping had before that one.
struct Back {
    change: Change,
    earlier: i64,
}

/// What was taken back, and what was not.
#[derive(Default)]
struct Undone {
    changed: i64,
    /// Of the first rows that were taken back.
    names: Vec<String>,
    skipped: Vec<SkippedRow>,
    skipped_count: i64,
}

impl Undone {
    /// The changes that take `rows` back, where nobody has changed them since.
    async fn back(
        &mut self,
        tx: &impl ConnectionTrait,
        (table, writer): (Table, &Writer),
        rows: Vec<Done>,
        main: bool,
    ) -> Result<Vec<Back>> {
        let ids = rows.iter().map(|r| r.remote_id.as_str());
        let mut now = store::states(tx, table, writer, ids).await?;
        let mut changes = Vec::new();
        let usable = usable(tx, table, writer, &rows).await?;
        for row in rows {
            let before: State = serde_json::from_str(&row.before).map_err(Error::internal)?;
            let present = now.remove(&row.remote_id).unwrap_or_default();
            let gone = before.mapped_to().is_some_and(|t| usable.get(&t) != Some(&true));
            let problem = match (present.version == row.version, gone) {
                (false, _) => Some("It was changed again since."),
                (true, true) => Some("What it was mapped to before is archived or gone."),
                (true, false) => None,
            };
            if let Some(reason) = problem {
                self.skip(row.remote_id, row.name, reason, main);
                continue;
            }
            self.changed += i64::from(main);
            let earlier = before.version;
            let change = Change {
                created: row.created,
                rejected: row.restored,
                restored: row.rejected,
                ..Change::plain(row.remote_id, present, before)
            };
            changes.push(Back { change, earlier });
            if main && self.names.len() < MOST_NAMED {
                self.names.push(row.name);
            }
        }
        Ok(changes)
    }

    fn skip(&mut self, remote_id: String, name: String, reason: &str, main: bool) {
        if !main {
            return;
        }
        self.skipped_count += 1;
        if self.skipped.len() < MAX_SKIPPED {
            self.skipped.push(SkippedRow { remote_id, name, reason: reason.to_owned() });
        }
    }

    fn answer(self, applied: Applied) -> Decided {
        Decided {
            changed: self.changed,
            skipped: self.skipped,
            skipped_count: self.skipped_count,
            undo: None,
            run: applied.run,
        }
    }
}

/// Which of the targets from before are there and in use.
async fn usable(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    rows: &[Done],
) -> Result<HashMap<Uuid, bool>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        archived: bool,
    }
    let mut ids = Vec::new();
    for row in rows {
        let before: State = serde_json::from_str(&row.before).map_err(Error::internal)?;
        ids.extend(before.target);
    }
    let mut p = sql::Params(vec![writer.tenant.into()]);
    let select = format!(
        "SELECT id, archived_at IS NOT NULL AS archived FROM {} WHERE tenant_id = $1 AND id IN ({})",
        table.targets,
        p.list(ids)
    );
    let found: Vec<Row> = sql::all(tx, &select, p.0).await?;
    Ok(found.into_iter().map(|r| (r.id, !r.archived)).collect())
}

/// Notes what was taken back: pairs rejected or taken up by the decision are as before, companies and locations that were
/// made for it go where nobody uses them, and the decision before it can be taken back next. Answers what went.
async fn note(
    tx: &impl ConnectionTrait,
    (table, writer): (Table, &Writer),
    id: DecisionId,
    back: &[Back],
) -> Result<Vec<Named>> {
    let changes: Vec<&Change> = back.iter().map(|b| &b.change).collect();
    rejections::keep(tx, table, writer, &changes).await?;
    let mut p = writer.owner();
    let undone = format!(
        "UPDATE mapping_decision_rows SET undone = TRUE WHERE tenant_id = $1 AND integration_id = $2
            AND decision_id = {} AND subject = {} AND remote_id {}",
        p.push(Uuid::from(id)),
        p.push(table.subject.as_str()),
        sql::within(tx, &mut p, changes.iter().map(|c| c.remote_id.as_str()))
    );
    sql::execute(tx, &undone, p.0).await?;
    for chunk in back.chunks(CHUNK) {
        pass_on(tx, (table, writer), chunk).await?;
    }
    drop_created(tx, (table, writer), changes.iter().filter_map(|c| c.created)).await
}

/// The mappings have new versions: the decisions that gave them the earlier ones are told.
async fn pass_on(tx: &impl ConnectionTrait, (table, writer): (Table, &Writer), back: &[Back]) -> Result<()> {
    let mut p = writer.owner();
    let subject = p.push(table.subject.as_str());
    let rows: Vec<String> = back
        .iter()
        .map(|Back { change, earlier }| {
            format!(
                "({}, {}, {})",
                p.push(change.remote_id.as_str()),
                p.push(*earlier),
                p.push(change.after.version)
            )
        })
        .collect();
    let update = format!(
        "UPDATE mapping_decision_rows AS r SET version = v.column3 FROM (VALUES {}) AS v
         WHERE r.tenant_id = $1 AND r.integration_id = $2 AND r.subject = {subject} AND r.remote_id = v.column1
            AND r.version = v.column2 AND NOT r.undone",
        rows.join(", ")
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}

/// What a company `t` is wanted for besides mappings and devices: somebody has given it locations or an exception, has limited
/// users to it, or has merged another one into it.
const WANTED: &str = "OR EXISTS (SELECT 1 FROM locations l WHERE l.company_id = t.id)
            OR EXISTS (SELECT 1 FROM assigned_companies a WHERE a.company_id = t.id)
            OR t.id IN (SELECT e.company_id FROM compliance_exceptions e WHERE e.tenant_id = $1 AND e.company_id IS NOT NULL)
            OR t.id IN (SELECT o.merged_into FROM companies o WHERE o.tenant_id = $1 AND o.merged_into IS NOT NULL)";

/// Deletes what was made for the decision and nobody has touched or used since; answers what that was.
async fn drop_created(
    tx: &impl ConnectionTrait,
    (table, writer): (Table, &Writer),
    created: impl Iterator<Item = Uuid>,
) -> Result<Vec<Named>> {
    let Table { targets, target, name, .. } = table;
    let wanted = match table.subject {
        MappingSubject::Organization => WANTED,
        MappingSubject::Location => "",
    };
    let created: Vec<Uuid> = created.collect();
    // Whoever names one of them at this moment is waited for, and seen by the statement that deletes.
    let mut p = sql::Params(vec![writer.tenant.into()]);
    let hold = format!(
        "SELECT t.id FROM {targets} AS t WHERE t.tenant_id = $1 AND t.id IN ({}) ORDER BY t.id{}",
        p.list(created.iter().copied()),
        sql::locked(tx, " FOR UPDATE")
    );
    sql::rows(tx, &hold, p.0).await?;
    let mut p = sql::Params(vec![writer.tenant.into()]);
    let delete = format!(
        "DELETE FROM {targets} AS t WHERE t.tenant_id = $1 AND t.id IN ({}) AND t.version = 1 AND NOT (
            EXISTS (SELECT 1 FROM {name} m WHERE m.{target} = t.id)
            OR EXISTS (SELECT 1 FROM devices d WHERE d.{target} = t.id) {wanted}) RETURNING id, name",
        p.list(created.iter().copied())
    );
    let gone = sql::all(tx, &delete, p.0).await?;
    // A company that goes takes its history along; a location does not: the history is its company's.
    let mut p = sql::Params(vec![writer.tenant.into()]);
    let forget = format!(
        "DELETE FROM company_events WHERE tenant_id = $1 AND location_id IN ({})
            AND NOT EXISTS (SELECT 1 FROM locations l WHERE l.id = company_events.location_id)",
        p.list(created)
    );
    sql::execute(tx, &forget, p.0).await?;
    Ok(gone)
}

/// The decision as a whole is undone.
async fn close(tx: &impl ConnectionTrait, writer: &Writer, id: DecisionId) -> Result<()> {
    let update = "UPDATE mapping_decisions SET undone_by = $3, undone_by_name = $4, undone_at = $5
        WHERE id = $1 AND tenant_id = $2";
    let values = vec![
        id.0.into(),
        writer.tenant.into(),
        writer.user.into(),
        writer.user_name.clone().into(),
        writer.now.into(),
    ];
    sql::execute(tx, update, values).await?;
    Ok(())
}

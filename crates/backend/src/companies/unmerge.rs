//! Undoing a merge of companies: what it moved goes back, as far as it is still where the merge put it.

use super::{
    give_back::{Back, Given, fed_by},
    history::NewEvent,
    merge_record::Record,
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
    device_edit::SkippedDevice,
    error::UserError,
    ids::CompanyId,
    number::things,
};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

/// Most devices, and most organizations, that an answer names.
const MOST_NAMED: usize = 20;

/// A merge that was not undone, and no later one of the same company: `m`.
const OPEN: &str = "m.undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM company_merges later
    WHERE later.company_id = m.company_id AND later.undone_at IS NULL AND later.id > m.id)";

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

/// A device that stays.
#[derive(FromQueryResult)]
struct Left {
    id: Uuid,
    name: String,
    company_id: Uuid,
    company: String,
    location: Option<String>,
    mapped: bool,
}

/// A location that goes back, and what would keep it.
#[derive(FromQueryResult)]
struct Used {
    name: String,
    n: i64,
}

impl<A: Access> Tenant<A> {
    /// Whether the last merge of a company can be undone.
    pub(super) async fn can_unmerge(&self, id: CompanyId) -> Result<bool> {
        let count = format!(
            "SELECT count(*) AS n FROM company_merges m WHERE m.tenant_id = $1 AND m.company_id = $2 AND {OPEN}"
        );
        Ok(sql::count(self.db(), &count, vec![self.id().into(), id.0.into()]).await? > 0)
    }

    /// Companies that were merged into this one and can be taken out again, the last one first.
    pub(super) async fn merged_companies(&self, id: CompanyId) -> Result<Vec<MergedCompany>> {
        let select = format!(
            "SELECT c.id, c.name, m.at, m.user_name FROM company_merges m JOIN companies c ON c.id = m.company_id
             WHERE m.tenant_id = $1 AND m.into_id = $2 AND {OPEN}{} ORDER BY m.id DESC",
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
        let tx = db::begin(self.db()).await?;
        self.lock_places(&tx).await?;
        let kept = self.take_merge(&tx, &merged).await?;
        let (company, from) = self.hold_both(&tx, id, kept.into_id.into()).await?;
        self.refuse_merged_on(&tx, &kept, &from).await?;
        let record: Record = serde_json::from_str(&kept.undo).map_err(Error::internal)?;
        let back = Back { tenant: self, tx: &tx, merge: kept.id, record, company, from };
        // What would go back is found by giving it back: without a commit, nothing of it lasts.
        let given = back.all().await?;
        self.refuse_torn(&back).await?;
        let mut answer = self.unmerge_answer(&back, given).await?;
        drop(back);
        if dry_run {
            return Ok(answer);
        }
        self.note_unmerge(&tx, &answer).await?;
        tx.commit().await?;
        answer.done = true;
        Ok(answer)
    }

    /// The last merge of a company, taken so that of two at once the second one is told.
    async fn take_merge(&self, tx: &Tx, company: &Company) -> Result<Kept> {
        let owner = || -> Vec<Value> { vec![self.id().into(), company.id.0.into()] };
        let select = format!(
            "SELECT m.id, m.into_id, m.undo FROM company_merges m WHERE m.tenant_id = $1 AND m.company_id = $2 AND {OPEN}"
        );
        let none = || {
            UserError::conflict(format!(
                "There is no merge of {} to undo: it was undone already, or it was made before merges could be undone. \
                 Reload the page.",
                company.name
            ))
        };
        let kept: Option<Kept> = sql::one(tx, &select, owner()).await?;
        let kept = kept.ok_or_else(none)?;
        let take = "UPDATE company_merges SET undone_at = $3, undone_by = $4
            WHERE tenant_id = $1 AND id = $2 AND undone_at IS NULL";
        let values: Vec<Value> = vec![
            self.id().into(),
            kept.id.into(),
            self.now().into(),
            self.actor().map(|a| a.name.clone()).into(),
        ];
        match sql::execute(tx, take, values).await? {
            0 => Err(none().into()),
            _ => Ok(kept),
        }
    }

    /// What went there is elsewhere once the other company was merged on.
    async fn refuse_merged_on(&self, tx: &Tx, kept: &Kept, from: &Company) -> Result<()> {
        let select = "SELECT c.name FROM company_merges m JOIN companies c ON c.id = m.into_id
            WHERE m.tenant_id = $1 AND m.company_id = $2 AND m.undone_at IS NULL AND m.id > $3 ORDER BY m.id LIMIT 1";
        let values = vec![self.id().into(), from.id.0.into(), kept.id.into()];
        let Some(Name { name }) = sql::one(tx, select, values).await? else { return Ok(()) };
        let message = format!("{} was merged into {name} since. Undo that merge first.", from.name);
        Err(UserError::conflict(message).into())
    }

    /// A location cannot go back while something that stays is at it.
    async fn refuse_torn(&self, back: &Back<'_, A>) -> Result<()> {
        let (company, from) = (&back.company, &back.from);
        let values = || -> Vec<Value> { vec![self.id().into(), company.id.0.into(), from.id.0.into()] };
        let mapped = "SELECT l.name, count(*) AS n FROM location_mappings lm
            JOIN locations l ON l.id = lm.location_id AND l.company_id = $2
            JOIN remote_locations rl ON rl.integration_id = lm.integration_id AND rl.remote_id = lm.remote_id
            JOIN organization_mappings om ON om.integration_id = rl.integration_id AND om.remote_id = rl.organization_id
                AND om.status = 'mapped' AND om.company_id = $3
            WHERE lm.tenant_id = $1 AND lm.status = 'mapped' GROUP BY l.id, l.name ORDER BY l.name, l.id LIMIT 1";
        if let Some(Used { name, n }) = sql::one(back.tx, mapped, values()).await? {
            let message = format!(
                "{} of organizations that stay at {} mapped to {name}, which goes back to {}. Map them to another location first, \
                 then undo the merge again. Nothing was changed.",
                things(n, "NinjaOne location", "NinjaOne locations"),
                stays_at(n, from),
                company.name
            );
            return Err(UserError::conflict(message).into());
        }
        let used = "SELECT l.name, count(*) AS n FROM devices d JOIN locations l ON l.id = d.location_id AND l.company_id = $2
            WHERE d.tenant_id = $1 AND d.company_id = $3 GROUP BY l.id, l.name ORDER BY l.name, l.id LIMIT 1";
        let Some(Used { name, n }) = sql::one(back.tx, used, values()).await? else { return Ok(()) };
        let message = format!(
            "{} at {name}, which goes back to {}, but {} at {}. Choose another location for {} first, then undo the merge again. \
             Nothing was changed.",
            if n == 1 { "1 device is".to_owned() } else { format!("{n} devices are") },
            company.name,
            if n == 1 { "stays" } else { "stay" },
            from.name,
            if n == 1 { "it" } else { "them" },
        );
        Err(UserError::conflict(message).into())
    }

    /// What went back, and what did not.
    async fn unmerge_answer(&self, back: &Back<'_, A>, given: Given) -> Result<CompanyUnmerge> {
        let (company, from) = (&back.company, &back.from);
        let values = || -> Vec<Value> { vec![self.id().into(), back.merge.into(), company.id.0.into()] };
        let left = "FROM company_merge_rows m JOIN devices d ON d.id = m.row_id
            WHERE m.tenant_id = $1 AND m.merge_id = $2 AND m.kind = 'device' AND d.company_id <> $3";
        let devices_left = sql::count(back.tx, &format!("SELECT count(*) AS n {left}"), values()).await?;
        let organizations = "SELECT COALESCE(o.name, m.remote_id) AS name FROM company_merge_rows m
            JOIN integrations i ON i.id = m.integration_id
            LEFT JOIN organizations o ON o.integration_id = m.integration_id AND o.remote_id = m.remote_id
            WHERE m.tenant_id = $1 AND m.merge_id = $2 AND m.kind = 'organization' AND m.status = 'mapped'
                AND NOT EXISTS (SELECT 1 FROM organization_mappings om WHERE om.integration_id = m.integration_id
                    AND om.remote_id = m.remote_id AND om.status = 'mapped' AND om.company_id = $3)
            ORDER BY 1";
        let organizations: Vec<Name> = sql::all(back.tx, organizations, values()).await?;
        Ok(CompanyUnmerge {
            company: CompanyRef { id: company.id, name: company.name.clone() },
            from: CompanyRef { id: from.id, name: from.name.clone() },
            devices: given.devices,
            without_location: given.without_location,
            locations: given.locations,
            organizations: given.organizations,
            devices_left,
            reasons: self.reasons_left(back).await?,
            organizations_left: organizations.into_iter().take(MOST_NAMED).map(|o| o.name).collect(),
            done: false,
        })
    }

    /// The first devices that stay, each with the reason.
    async fn reasons_left(&self, back: &Back<'_, A>) -> Result<Vec<SkippedDevice>> {
        let select = format!(
            "SELECT d.id, d.name, d.company_id, c.name AS company, l.name AS location,
                CASE WHEN {} THEN TRUE ELSE FALSE END AS mapped
             FROM company_merge_rows m JOIN devices d ON d.id = m.row_id JOIN companies c ON c.id = d.company_id
             LEFT JOIN locations l ON l.id = d.location_id
             WHERE m.tenant_id = $1 AND m.merge_id = $2 AND m.kind = 'device' AND d.company_id <> $3
             ORDER BY lower(d.name), d.id LIMIT {MOST_NAMED}",
            fed_by("d.company_id")
        );
        let values = vec![self.id().into(), back.merge.into(), back.company.id.0.into()];
        let rows: Vec<Left> = sql::all(back.tx, &select, values).await?;
        let from = &back.from;
        let reason = |row: &Left| match (&row.location, row.company_id == from.id.0) {
            (_, true) if row.mapped => format!("Its organization is mapped to {} since.", from.name),
            (Some(location), true) => format!("It was put at {location} of {} since.", from.name),
            _ => format!("It belongs to {} by now.", row.company),
        };
        let view = |row: Left| {
            let reason = reason(&row);
            SkippedDevice { id: row.id.into(), name: row.name, reason }
        };
        Ok(rows.into_iter().map(view).collect())
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

/// `Contoso is`, `Contoso are`: of how many.
fn stays_at(n: i64, company: &Company) -> String {
    format!("{} {}", company.name, if n == 1 { "is" } else { "are" })
}

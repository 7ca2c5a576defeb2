//! Merging companies: everything of one goes to another, in one transaction.

use super::{
    COMPANIES,
    history::NewEvent,
    list,
    merge_record::{self, DROPPED, Dropped, JOINED, Record},
};
use crate::{
    Error, Result, Tenant,
    audit::{self, Subject},
    db::{self, Tx},
    devices::edit::log::{self, NewEdit},
    imports, mappings, scope, sql,
    tenant::CanManage,
    tenants,
};
use domain::{
    audit::AuditAction,
    company::{Company, CompanyRef},
    company_overview::{CompanyEventKind, CompanyMerge},
    device_edit::{DeviceField, HistoryKind},
    error::UserError,
    ids::CompanyId,
    run::FieldChange,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

/// A day behind all days: of an exception without an end.
const FOREVER: i64 = i64::MAX;

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

impl<A: CanManage> Tenant<A> {
    /// Moves all devices, locations and mappings of a company to another one and archives it; `dry_run` only says what would
    /// move. What moved is kept, so that it can be taken back.
    pub async fn merge_companies(
        &self,
        id: CompanyId,
        into: CompanyId,
        dry_run: bool,
    ) -> Result<CompanyMerge> {
        check(&self.company(id).await?, &self.company(into).await?)?;
        let tx = db::begin(self.db()).await?;
        self.lock_places(&tx).await?;
        let (from, to) = self.hold_both(&tx, id, into).await?;
        check(&from, &to)?;
        let plan = self.plan_merge(&tx, &from, &to).await?;
        if dry_run {
            return Ok(plan);
        }
        let (merge, mut record) = merge_record::open(self, &tx, (&from, &to)).await?;
        self.tell_devices(&tx, &plan).await?;
        self.move_all(&tx, &from, &to).await?;
        record.dropped = self.move_exceptions(&tx, merge, (&from, &to)).await?;
        scope::merge(&tx, self.id(), from.id, to.id).await?;
        self.turn_views(&tx, (&from, &to), &mut record).await?;
        merge_record::close(self, &tx, merge, &record).await?;
        self.note_merge(&tx, &plan).await?;
        let details =
            json!({ "into": to.name, "devices": plan.devices, "organizations": plan.organizations });
        let subject = Subject::company(id, &from.name);
        audit::note(self, &tx, AuditAction::CompanyMerged, subject, details).await?;
        tx.commit().await?;
        Ok(CompanyMerge { done: true, ..plan })
    }

    /// Two companies as they are; nobody else changes them until the end.
    pub(super) async fn hold_both(
        &self,
        tx: &Tx,
        one: CompanyId,
        other: CompanyId,
    ) -> Result<(Company, Company)> {
        let mut ids = [one, other];
        // In one order, so that nobody waits for somebody who waits for them.
        ids.sort_unstable();
        for id in ids {
            // Nor does anybody put a device there meanwhile: whoever names a row shares its lock.
            let hold = format!(
                "SELECT id FROM companies WHERE tenant_id = $1 AND id = $2{}",
                sql::locked(tx, " FOR UPDATE")
            );
            sql::rows(tx, &hold, vec![self.id().into(), id.0.into()]).await?;
        }
        Ok((self.company_in(tx, one).await?, self.company_in(tx, other).await?))
    }

    async fn company_in(&self, tx: &Tx, id: CompanyId) -> Result<Company> {
        let found = list::find(tx, self.id(), id.0, &self.within("c.id")).await?;
        Ok(found.ok_or_else(|| COMPANIES.missing())?)
    }

    /// Nobody maps or places devices meanwhile.
    pub(super) async fn lock_places(&self, tx: &impl ConnectionTrait) -> Result<()> {
        let select = "SELECT id FROM integrations WHERE tenant_id = $1 ORDER BY id";
        for integration in sql::all::<Id>(tx, select, vec![self.id().into()]).await? {
            mappings::lock(tx, integration.id).await?;
            imports::lock_places(tx, integration.id).await?;
        }
        Ok(())
    }

    async fn plan_merge(&self, tx: &Tx, from: &Company, to: &Company) -> Result<CompanyMerge> {
        let owner = || -> Vec<Value> { vec![self.id().into(), from.id.0.into()] };
        let both = || -> Vec<Value> { vec![self.id().into(), from.id.0.into(), to.id.0.into()] };
        let count = async |sql: &str| sql::count(tx, sql, owner()).await;
        let joined: Vec<Name> =
            sql::all(tx, &format!("SELECT a.name {JOINED} ORDER BY a.name_key"), both()).await?;
        let mapped =
            "SELECT count(*) AS n FROM organization_mappings WHERE tenant_id = $1 AND company_id = $2";
        let locations = count(
            "SELECT count(*) AS n FROM locations WHERE tenant_id = $1 AND company_id = $2 AND archived_at IS NULL",
        )
        .await?;
        Ok(CompanyMerge {
            company: CompanyRef { id: from.id, name: from.name.clone() },
            into: CompanyRef { id: to.id, name: to.name.clone() },
            devices: count("SELECT count(*) AS n FROM devices WHERE tenant_id = $1 AND company_id = $2")
                .await?,
            locations: locations - i64::try_from(joined.len()).unwrap_or_default(),
            joined: joined.into_iter().map(|l| l.name).collect(),
            organizations: count(&format!("{mapped} AND status = 'mapped'")).await?,
            proposals: count(&format!("{mapped} AND status = 'pending'")).await?,
            fields: taken_over(from, to),
            done: false,
        })
    }

    async fn move_all(&self, tx: &Tx, from: &Company, to: &Company) -> Result<()> {
        let values = || -> Vec<Value> { vec![self.id().into(), from.id.0.into(), to.id.0.into()] };
        let timed = || [values(), vec![self.now().into()]].concat();
        let run = async |sql: &str, values: Vec<Value>| sql::execute(tx, sql, values).await;
        let stays = format!("(SELECT b.id {JOINED} AND a.id = moved.location_id)");
        let of_joined = format!("moved.location_id IN (SELECT a.id {JOINED})");
        run(&format!("UPDATE devices AS moved SET location_id = {stays} WHERE {of_joined}"), values())
            .await?;
        let mapping = "UPDATE location_mappings AS moved SET location_id";
        run(&format!("{mapping} = {stays}, version = version + 1 WHERE {of_joined}"), values()).await?;
        // What both have stays behind, in the archive with its company; everything else goes over.
        let joined = format!("SELECT a.id {JOINED}");
        run(
            &format!(
                "UPDATE locations SET company_id = $3, version = version + 1, updated_at = $4
                 WHERE tenant_id = $1 AND company_id = $2 AND id NOT IN ({joined})"
            ),
            timed(),
        )
        .await?;
        run(
            "UPDATE locations SET archived_at = $4, version = version + 1, updated_at = $4
             WHERE tenant_id = $1 AND company_id = $2 AND archived_at IS NULL AND company_id <> $3",
            timed(),
        )
        .await?;
        for statement in [
            "UPDATE devices SET company_id = $3, version = version + 1, updated_at = $4
                WHERE tenant_id = $1 AND company_id = $2",
            "UPDATE companies SET archived_at = COALESCE(archived_at, $4), merged_into = $3, version = version + 1,
                updated_at = $4 WHERE tenant_id = $1 AND id = $2",
            "UPDATE companies SET version = companies.version + 1, updated_at = $4,
                domain = COALESCE(companies.domain, f.domain), phone = COALESCE(companies.phone, f.phone),
                address = COALESCE(companies.address, f.address), psa_ref = COALESCE(companies.psa_ref, f.psa_ref)
                FROM companies f WHERE f.tenant_id = $1 AND f.id = $2 AND companies.id = $3",
        ] {
            run(statement, timed()).await?;
        }
        for column in ["company_id", "runner_up"] {
            let update = format!(
                "UPDATE organization_mappings SET {column} = $3, version = version + 1 WHERE tenant_id = $1 AND {column} = $2"
            );
            run(&update, values()).await?;
        }
        Ok(())
    }

    /// Of two exceptions from the same check the one stays that holds longer. Answers those that give way.
    async fn move_exceptions(
        &self,
        tx: &Tx,
        merge: Uuid,
        (from, to): (&Company, &Company),
    ) -> Result<Vec<Dropped>> {
        tenants::hold(tx, self.id()).await?;
        let values = || -> Vec<Value> { vec![self.id().into(), from.id.0.into(), to.id.0.into()] };
        let mut dropped = Vec::new();
        for (whose, other) in [("$2", "$3"), ("$3", "$2")] {
            let shorter = format!(
                "DELETE FROM compliance_exceptions WHERE tenant_id = $1 AND company_id = {whose} AND EXISTS (
                    SELECT 1 FROM compliance_exceptions o WHERE o.tenant_id = $1 AND o.company_id = {other}
                        AND o.check_name = compliance_exceptions.check_name
                        AND COALESCE(o.until_day, {FOREVER}) >= COALESCE(compliance_exceptions.until_day, {FOREVER}))
                 RETURNING {DROPPED}"
            );
            dropped.extend(sql::all::<Dropped>(tx, &shorter, values()).await?);
        }
        merge_record::exceptions(self, tx, merge, from).await?;
        let excepted = "UPDATE compliance_exceptions SET company_id = $3, version = version + 1
            WHERE tenant_id = $1 AND company_id = $2";
        sql::execute(tx, excepted, values()).await?;
        Ok(dropped)
    }

    /// Saved views that are filtered by the one show the other.
    async fn turn_views(&self, tx: &Tx, (from, to): (&Company, &Company), record: &mut Record) -> Result<()> {
        let before = merge_record::views(self, tx).await?;
        self.turn(tx, format!("company={}", from.id), format!("company={}", to.id)).await?;
        for (goes, stays) in &record.joined {
            self.turn(tx, format!("location={goes}"), format!("location={stays}")).await?;
        }
        record.views = merge_record::turned(before, merge_record::views(self, tx).await?);
        Ok(())
    }

    async fn turn(&self, tx: &Tx, from: String, to: String) -> Result<()> {
        let views = "UPDATE device_views SET query = replace(query, $2, $3), version = version + 1
            WHERE tenant_id = $1 AND query LIKE '%' || $2 || '%'";
        sql::execute(tx, views, vec![self.id().into(), from.into(), to.into()]).await?;
        Ok(())
    }

    /// Writes into the history of each device that its company is another one.
    async fn tell_devices(&self, tx: &Tx, plan: &CompanyMerge) -> Result<()> {
        let owner = || -> Vec<Value> { vec![self.id().into(), plan.company.id.0.into()] };
        let any = "SELECT name FROM devices WHERE tenant_id = $1 AND company_id = $2 LIMIT 1";
        let Some(Name { name }) = sql::one(tx, any, owner()).await? else { return Ok(()) };
        let edit = NewEdit {
            kind: HistoryKind::Moved,
            fields: &[DeviceField::Company],
            devices: plan.devices,
            name: &name,
            can_undo: false,
            undo_of: None,
        };
        let edit = log::open(self, tx, edit).await?;
        let (before, after) = (Some(plan.company.name.clone()), Some(plan.into.name.clone()));
        let change = FieldChange { field: DeviceField::Company.as_str().to_owned(), before, after };
        let fields = serde_json::to_string(&[change]).map_err(Error::internal)?;
        let insert = "INSERT INTO device_history (edit_id, device_id, tenant_id, at, fields)
            SELECT CAST($3 AS {uuid}), id, tenant_id, CAST($4 AS bigint), CAST($5 AS text) FROM devices
            WHERE tenant_id = $1 AND company_id = $2";
        let values = [owner(), vec![edit.0.into(), self.now().into(), fields.into()]].concat();
        sql::execute(tx, &sql::typed(tx, insert), values).await?;
        Ok(())
    }

    async fn note_merge(&self, tx: &Tx, plan: &CompanyMerge) -> Result<()> {
        let CompanyMerge { company, into, devices, organizations, .. } = plan;
        let what = format!("{devices} devices and {organizations} mapped organizations");
        let went = format!("Merged into {}: {what} went there.", into.name);
        let went = NewEvent::new(company.id, CompanyEventKind::MergedInto, went);
        let came = format!("{} was merged into it: {what} came from there.", company.name);
        let came = NewEvent::new(into.id, CompanyEventKind::Merged, came);
        let both = [NewEvent { other: Some(into.id), ..went }, NewEvent { other: Some(company.id), ..came }];
        self.note_companies(tx, both).await
    }
}

fn check(from: &Company, to: &Company) -> Result<()> {
    if from.id == to.id {
        return Err(UserError::invalid("into", "Choose another company to merge it into.").into());
    }
    if to.archived {
        let message = format!("{} is archived. Restore it first, or choose another company.", to.name);
        return Err(UserError::invalid("into", message).into());
    }
    Ok(())
}

/// Names of fields that the company which stays lacks and the other one has.
fn taken_over(from: &Company, to: &Company) -> Vec<String> {
    let fields = [
        ("domain", &from.domain, &to.domain),
        ("phone", &from.phone, &to.phone),
        ("address", &from.address, &to.address),
        ("PSA reference", &from.psa_ref, &to.psa_ref),
    ];
    let lacking = fields.into_iter().filter(|(_, from, to)| from.is_some() && to.is_none());
    lacking.map(|(name, _, _)| name.to_owned()).collect()
}

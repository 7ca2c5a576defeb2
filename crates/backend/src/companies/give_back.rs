//! The rows of a merge of companies, back to where they were. What has moved on since stays.
//!
//! Statements take tenant `$1`, the company that is taken out `$2`, the one that it is taken out of `$3`, the merge `$4` and the
//! present moment `$5`, as far as they name them.

use super::merge_record::{Dropped, Undo};
use crate::{
    Error, Result, Tenant,
    db::Tx,
    devices::edit::log::{self, NewEdit},
    error::is_duplicate,
    imports, scope,
    sql::{self, Params},
    tenant::CanManage,
    tenants,
};
use domain::{
    device_edit::{DeviceField, HistoryKind},
    error::UserError,
    run::FieldChange,
};
use sea_orm::{DbErr, FromQueryResult, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A merge that is taken back.
pub(super) struct Back<'a, A: CanManage> {
    pub tenant: &'a Tenant<A>,
    pub tx: &'a Tx,
    pub undo: &'a Undo,
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

/// What feeds a device.
#[derive(FromQueryResult)]
struct Source {
    integration_id: Option<Uuid>,
    remote_id: Option<String>,
}

#[derive(FromQueryResult)]
struct Excepted {
    check_name: String,
}

/// Whether the row of staging that feeds `d` is of an organization that is mapped to a company, as the table `organizations` has it.
pub(super) fn fed_by(company: &str, organizations: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM remote_devices r JOIN {organizations} om ON om.integration_id = r.integration_id
            AND om.remote_id = r.organization_id AND om.status = 'mapped' AND om.company_id = {company}
            WHERE r.integration_id = d.integration_id AND r.remote_id = d.remote_id)"
    )
}

/// Whether a location mapping is of an organization that is mapped to a company.
fn mapped_by(company: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM remote_locations rl JOIN organization_mappings om ON om.integration_id = rl.integration_id
            AND om.remote_id = rl.organization_id AND om.status = 'mapped' AND om.company_id = {company}
            WHERE rl.integration_id = location_mappings.integration_id AND rl.remote_id = location_mappings.remote_id)"
    )
}

/// Which devices `d` go back: those of organizations that did, and of the others those that the merge moved and that nobody has put
/// elsewhere since. Of the tables `organizations` and `locations`; `stays` lists the locations of both that stayed.
pub(super) fn goes((organizations, locations): (&str, &str), stays: &str, undo: &Undo) -> String {
    let moved = "EXISTS (SELECT 1 FROM company_merge_rows m WHERE m.merge_id = $4 AND m.kind = 'device' AND m.row_id = d.id)";
    let all = if undo.is_used() { "TRUE" } else { moved };
    let at_home = format!(
        "(d.location_id IS NULL OR d.location_id IN ({stays})
            OR EXISTS (SELECT 1 FROM {locations} l WHERE l.id = d.location_id AND l.company_id = $2))"
    );
    format!(
        "d.tenant_id = $1 AND d.company_id = $3 AND ({} AND {all} OR {moved} AND NOT {} AND {at_home})",
        fed_by("$2", organizations),
        fed_by("$3", organizations)
    )
}

impl<A: CanManage> Back<'_, A> {
    /// Gives everything back, in the order in which one follows from the other.
    pub async fn all(&self) -> Result<()> {
        self.organizations().await?;
        self.company_itself().await?;
        self.locations().await?;
        self.location_mappings().await?;
        self.devices().await?;
        self.fields().await?;
        self.exceptions().await?;
        let Undo { merge, company, from, .. } = self.undo;
        scope::unmerge(self.tx, self.tenant.id(), *merge, (company.id, from.id)).await?;
        self.views().await
    }

    /// Tenant, the two companies and the merge.
    fn owner(&self) -> Vec<Value> {
        self.undo.owner(self.tenant.id())
    }

    /// The same, and the present moment.
    fn timed(&self) -> Vec<Value> {
        [self.owner(), vec![self.tenant.now().into()]].concat()
    }

    /// Mappings that nobody has decided on since.
    async fn organizations(&self) -> Result<()> {
        for (column, kind) in [("company_id", "organization"), ("runner_up", "runner_up")] {
            let update = format!(
                "UPDATE organization_mappings SET {column} = $2, version = version + 1
                 WHERE tenant_id = $1 AND {column} = $3 AND EXISTS (SELECT 1 FROM company_merge_rows m
                    WHERE m.merge_id = $4 AND m.kind = '{kind}' AND m.integration_id = organization_mappings.integration_id
                        AND m.remote_id = organization_mappings.remote_id AND m.status = organization_mappings.status
                        AND m.mapped_at IS NOT DISTINCT FROM organization_mappings.mapped_at)"
            );
            sql::execute(self.tx, &update, self.owner()).await?;
        }
        Ok(())
    }

    /// Out of the archive, unless it was there before.
    async fn company_itself(&self) -> Result<()> {
        let update = "UPDATE companies SET archived_at = CASE WHEN archived_at IS NULL THEN NULL ELSE CAST($3 AS bigint) END,
                merged_into = $4, version = version + 1, updated_at = $5 WHERE tenant_id = $1 AND id = $2";
        let values: Vec<Value> = vec![
            self.tenant.id().into(),
            self.undo.company.id.0.into(),
            self.undo.record.archived_at.into(),
            self.undo.record.merged_into.into(),
            self.tenant.now().into(),
        ];
        unless_taken(sql::execute(self.tx, update, values).await, || name_taken(self.undo))
    }

    async fn locations(&self) -> Result<()> {
        let over = "UPDATE locations SET company_id = $2, version = version + 1, updated_at = $5
            WHERE tenant_id = $1 AND company_id = $3 AND id IN (SELECT m.row_id FROM company_merge_rows m
                WHERE m.merge_id = $4 AND m.kind = 'location')";
        unless_taken(sql::execute(self.tx, over, self.timed()).await, || location_taken(self.undo))?;
        let mut p =
            Params(vec![self.tenant.id().into(), self.undo.company.id.0.into(), self.tenant.now().into()]);
        let restore = format!(
            "UPDATE locations SET archived_at = NULL, version = version + 1, updated_at = $3
             WHERE tenant_id = $1 AND company_id = $2 AND archived_at IS NOT NULL AND id IN ({})",
            p.list(self.undo.record.joined.iter().map(|(goes, _)| *goes))
        );
        unless_taken(sql::execute(self.tx, &restore, p.0).await, || location_taken(self.undo))
    }

    /// Mappings to a location that both had: those of organizations that went back, and those that nobody has mapped.
    async fn location_mappings(&self) -> Result<()> {
        let update = format!(
            "UPDATE location_mappings SET location_id = $6, version = version + 1
             WHERE tenant_id = $1 AND location_id = $5 AND ({} OR NOT {} AND EXISTS (SELECT 1 FROM company_merge_rows m
                WHERE m.merge_id = $4 AND m.kind = 'location_mapping' AND m.integration_id = location_mappings.integration_id
                    AND m.remote_id = location_mappings.remote_id))",
            mapped_by("$2"),
            mapped_by("$3")
        );
        for (goes, stays) in &self.undo.record.joined {
            let values = [self.owner(), vec![(*stays).into(), (*goes).into()]].concat();
            sql::execute(self.tx, &update, values).await?;
        }
        Ok(())
    }

    async fn devices(&self) -> Result<()> {
        let mut p = Params(self.owner());
        let stays = p.list(self.undo.record.joined.iter().map(|(_, stays)| *stays));
        let goes = goes(("organization_mappings", "locations"), &stays, self.undo);
        let count = format!("SELECT count(*) AS n FROM devices d WHERE {goes}");
        let devices = sql::count(self.tx, &count, p.0.clone()).await?;
        let any = format!("SELECT d.name FROM devices d WHERE {goes} ORDER BY d.id LIMIT 1");
        let Some(Name { name }) = sql::one(self.tx, &any, p.0.clone()).await? else { return Ok(()) };
        let kind = HistoryKind::Moved;
        let fields = &[DeviceField::Company];
        let edit = NewEdit { kind, fields, devices, name: &name, can_undo: false, undo_of: None };
        let edit = log::open(self.tenant, self.tx, edit).await?.0;
        // Their histories say which they are: nothing else tells once the first of them has moved.
        let (before, after) = (Some(self.undo.from.name.clone()), Some(self.undo.company.name.clone()));
        let change = FieldChange { field: DeviceField::Company.as_str().to_owned(), before, after };
        let change = serde_json::to_string(&[change]).map_err(Error::internal)?;
        let insert = format!(
            "INSERT INTO device_history (edit_id, device_id, tenant_id, at, fields)
             SELECT CAST({} AS {{uuid}}), d.id, d.tenant_id, CAST({} AS bigint), CAST({} AS text) FROM devices d
             WHERE {goes}",
            p.push(edit),
            p.push(self.tenant.now()),
            p.push(change)
        );
        sql::execute(self.tx, &sql::typed(self.tx, &insert), p.0).await?;
        self.move_devices(edit).await?;
        self.leave_foreign_locations(edit).await
    }

    /// To the company, and from a location that both had to the company's own.
    async fn move_devices(&self, edit: Uuid) -> Result<()> {
        let mut p = Params(vec![
            self.tenant.id().into(),
            self.undo.company.id.0.into(),
            self.tenant.now().into(),
            edit.into(),
        ]);
        let mut location = String::new();
        for (goes, stays) in &self.undo.record.joined {
            let (stays, goes) = (p.push(*stays), p.push(*goes));
            location.push_str(&format!(" WHEN location_id = {stays} THEN CAST({goes} AS {{uuid}})"));
        }
        let location = match location.is_empty() {
            true => String::new(),
            false => format!(", location_id = CASE{location} ELSE location_id END"),
        };
        let update = format!(
            "UPDATE devices SET company_id = $2, version = version + 1, updated_at = $3{location}
             WHERE tenant_id = $1 AND id IN (SELECT h.device_id FROM device_history h WHERE h.edit_id = $4)"
        );
        sql::execute(self.tx, &sql::typed(self.tx, &update), p.0).await?;
        Ok(())
    }

    /// A location that a device was given since and that is none of its company: it takes the one that its mapping says.
    async fn leave_foreign_locations(&self, edit: Uuid) -> Result<()> {
        let owner =
            || -> Vec<Value> { vec![self.tenant.id().into(), self.undo.company.id.0.into(), edit.into()] };
        let foreign = "tenant_id = $1 AND company_id = $2 AND id IN (SELECT h.device_id FROM device_history h WHERE h.edit_id = $3)
            AND location_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM locations l WHERE l.id = devices.location_id AND l.company_id = $2)";
        let select = format!("SELECT integration_id, remote_id FROM devices WHERE {foreign}");
        let sources: Vec<Source> = sql::all(self.tx, &select, owner()).await?;
        let mut fed: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
        for source in &sources {
            if let (Some(integration), Some(remote_id)) = (source.integration_id, source.remote_id.as_deref())
            {
                fed.entry(integration).or_default().push(remote_id);
            }
        }
        let kept = !DeviceField::Location.bit();
        let update = format!("UPDATE devices SET location_id = NULL, owned = owned & {kept} WHERE {foreign}");
        sql::execute(self.tx, &update, owner()).await?;
        for (integration, ids) in fed {
            imports::bring_up_to_date(self.tx, self.tenant.id(), integration, self.tenant.now(), &ids)
                .await?;
        }
        Ok(())
    }

    /// What the company that stays took over, where it still has just that.
    async fn fields(&self) -> Result<()> {
        for (column, value) in &self.undo.record.fields {
            let Some(column) =
                ["domain", "phone", "address", "psa_ref"].into_iter().find(|c| *c == column.as_str())
            else {
                continue;
            };
            let update = format!(
                "UPDATE companies SET {column} = NULL, version = version + 1, updated_at = $4
                 WHERE tenant_id = $1 AND id = $2 AND {column} = $3"
            );
            let values: Vec<Value> = vec![
                self.tenant.id().into(),
                self.undo.from.id.0.into(),
                value.as_str().into(),
                self.tenant.now().into(),
            ];
            sql::execute(self.tx, &update, values).await?;
        }
        Ok(())
    }

    /// Exceptions of the company, and those that gave way, unless somebody has decided about the same check since.
    async fn exceptions(&self) -> Result<()> {
        tenants::hold(self.tx, self.tenant.id()).await?;
        let update = "UPDATE compliance_exceptions SET company_id = $2, version = version + 1
            WHERE tenant_id = $1 AND company_id = $3
                AND id IN (SELECT m.row_id FROM company_merge_rows m WHERE m.merge_id = $4 AND m.kind = 'exception')
                AND NOT EXISTS (SELECT 1 FROM compliance_exceptions o WHERE o.tenant_id = $1 AND o.company_id = $2
                    AND o.check_name = compliance_exceptions.check_name)
            RETURNING check_name";
        let back: Vec<Excepted> = sql::all(self.tx, update, self.owner()).await?;
        for dropped in &self.undo.record.dropped {
            // One that was taken away since had been in force for both.
            let own = dropped.company_id == self.undo.company.id.0;
            if own || back.iter().any(|it| it.check_name == dropped.check_name) {
                self.put_exception(dropped).await?;
            }
        }
        Ok(())
    }

    async fn put_exception(&self, it: &Dropped) -> Result<()> {
        let there = "SELECT count(*) AS n FROM compliance_exceptions WHERE tenant_id = $1 AND company_id = $2 AND check_name = $3";
        let values: Vec<Value> =
            vec![self.tenant.id().into(), it.company_id.into(), it.check_name.as_str().into()];
        if sql::count(self.tx, there, values).await? > 0 {
            return Ok(());
        }
        let insert = "INSERT INTO compliance_exceptions
                (id, tenant_id, check_name, company_id, reason, until_day, created_at, created_by, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values: Vec<Value> = vec![
            it.id.into(),
            self.tenant.id().into(),
            it.check_name.as_str().into(),
            it.company_id.into(),
            it.reason.as_str().into(),
            it.until_day.into(),
            it.created_at.into(),
            it.created_by.clone().into(),
            (it.version + 1).into(),
        ];
        sql::execute(self.tx, insert, values).await?;
        Ok(())
    }

    /// Saved views that nobody has changed since.
    async fn views(&self) -> Result<()> {
        let update = "UPDATE device_views SET query = $4, version = version + 1
            WHERE tenant_id = $1 AND id = $2 AND query = $3";
        for view in &self.undo.record.views {
            let values: Vec<Value> = vec![
                self.tenant.id().into(),
                view.view.into(),
                view.after.as_str().into(),
                view.before.as_str().into(),
            ];
            sql::execute(self.tx, update, values).await?;
        }
        Ok(())
    }
}

/// A name that is taken by now is the user's to change.
fn unless_taken(done: Result<u64, DbErr>, taken: impl FnOnce() -> UserError) -> Result<()> {
    match done {
        Err(error) if is_duplicate(&error) => Err(taken().into()),
        other => Ok(other.map(drop)?),
    }
}

pub(super) fn name_taken(undo: &Undo) -> UserError {
    let name = &undo.company.name;
    UserError::conflict(format!(
        "There is a company named \"{name}\" already. Rename one of the two, then undo the merge again."
    ))
}

pub(super) fn location_taken(undo: &Undo) -> UserError {
    let name = &undo.company.name;
    UserError::conflict(format!(
        "{name} has a location by now that is named as one that goes back. Rename one of the two, then undo the merge again."
    ))
}

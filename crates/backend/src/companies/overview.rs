//! One company, or one location, at a glance.

use crate::{
    Error, Result, Tenant, sql,
    staging::fragment::{BLOCKED_BY, FED, IS_FED, STATUS},
    sync::beats,
    tenant::Access,
};
use domain::{
    company::{CompanyRef, DeviceTypeRef, LocationRef},
    company_overview::{
        CompanyCoverage, CompanyOverview, CoveredOrganization, DeviceCounts, LocationCount, LocationOverview,
        MappedRemoteLocation, StatusCount, TypeCount,
    },
    device::DeviceStatus,
    ids::{CompanyId, LocationId},
    import::StagedStatus,
};
use sea_orm::FromQueryResult;
use std::{
    collections::{HashMap, hash_map::Entry},
    str::FromStr,
};
use uuid::Uuid;

/// Devices that the vendor lists at the location `rl`.
const THERE: &str = "FROM remote_devices r WHERE r.integration_id = rl.integration_id
    AND r.organization_id = rl.organization_id AND r.location_id = rl.remote_id AND r.missing_since IS NULL";

/// Devices that lists show.
const LIVE: &str = "d.archived_at IS NULL AND d.merged_into IS NULL";

#[derive(FromQueryResult)]
struct Counted {
    id: Option<Uuid>,
    word: Option<String>,
    n: i64,
}

#[derive(FromQueryResult)]
struct Covered {
    integration_id: Uuid,
    remote_id: String,
    name: String,
    status: String,
    blocked_by: Option<String>,
    node_class: Option<String>,
    missing: bool,
    n: i64,
}

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

#[derive(FromQueryResult)]
struct Remote {
    integration_id: Uuid,
    integration: String,
    remote_id: String,
    name: String,
    organization: String,
    devices: i64,
    imported: i64,
}

impl<A: Access> Tenant<A> {
    /// A company's devices, how much of it each integration covers, and where it went if it was merged.
    pub async fn company_overview(&self, id: CompanyId) -> Result<CompanyOverview> {
        self.company(id).await?;
        let merged_into = self.merged_into(id).await?;
        Ok(CompanyOverview {
            company_id: id,
            devices: self.counts_where("d.company_id", id.0).await?,
            locations: self.counts_by_location(id).await?,
            integrations: self.coverage(id).await?,
            can_unmerge: merged_into.is_some() && self.can_unmerge(id).await?,
            merged_into,
            merged: self.merged_companies(id).await?,
        })
    }

    /// A location with its devices and the vendors' locations that are mapped to it.
    pub async fn location_overview(&self, id: LocationId) -> Result<LocationOverview> {
        let location = self.location(id).await?;
        let devices = self.counts_where("d.location_id", id.0).await?;
        let select = format!(
            "SELECT rl.integration_id, i.name AS integration, rl.remote_id, rl.name,
                COALESCE(o.name, rl.organization_id) AS organization,
                (SELECT count(*) {THERE}) AS devices, (SELECT count(*) {THERE} AND {IS_FED}) AS imported
            FROM location_mappings m
            JOIN remote_locations rl ON rl.integration_id = m.integration_id AND rl.remote_id = m.remote_id
            JOIN integrations i ON i.id = m.integration_id
            LEFT JOIN organizations o ON o.integration_id = rl.integration_id AND o.remote_id = rl.organization_id
            WHERE m.tenant_id = $1 AND m.location_id = $2 AND m.status = 'mapped'{}
            ORDER BY lower(i.name), rl.name_key, rl.remote_id",
            self.staged_within("rl")
        );
        let rows: Vec<Remote> = sql::all(self.db(), &select, vec![self.id().into(), id.0.into()]).await?;
        let (mut remote, mut syncs) = (Vec::with_capacity(rows.len()), HashMap::new());
        for r in rows {
            let last = match syncs.entry(r.integration_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.last_complete_sync(r.integration_id.into()).await?),
            };
            remote.push(MappedRemoteLocation {
                integration_id: r.integration_id.into(),
                integration: r.integration,
                remote_id: r.remote_id,
                name: r.name,
                organization: r.organization,
                devices: r.devices,
                imported: r.imported,
                run_id: last.as_ref().map(|l| l.run),
                synced_at: last.as_ref().map(|l| l.finished_at),
            });
        }
        Ok(LocationOverview { location, devices, remote, events: self.location_events(id).await? })
    }

    /// Devices whose `column` is that id, counted by status and type.
    async fn counts_where(&self, column: &str, id: Uuid) -> Result<DeviceCounts> {
        let values = || vec![self.id().into(), id.into()];
        let of = format!("WHERE {{no_index}}d.tenant_id = $1 AND {column} = $2");
        let by_status = format!(
            "SELECT CAST(NULL AS {{uuid}}) AS id, {} AS word, count(*) AS n FROM devices d
             LEFT JOIN remote_devices r ON r.integration_id = d.integration_id AND r.remote_id = d.remote_id
             LEFT JOIN remote_device_status s ON s.integration_id = d.integration_id AND s.remote_id = d.remote_id
             {} {of} AND {LIVE} GROUP BY 2",
            crate::devices::STATUS,
            beats::join(self.db(), "s.no", "b", "")
        );
        let rows: Vec<Counted> = sql::all(self.db(), &sql::typed(self.db(), &by_status), values()).await?;
        let mut counts = DeviceCounts::default();
        for status in DeviceStatus::ALL {
            let count = rows.iter().filter(|r| r.word.as_deref() == Some(status.as_str())).map(|r| r.n).sum();
            counts.total += count;
            counts.statuses.push(StatusCount { status: *status, count });
        }
        let by_type = format!(
            "SELECT t.id, t.name AS word, count(*) AS n FROM devices d JOIN device_types t ON t.id = d.device_type_id
             {of} AND {LIVE} GROUP BY t.id, t.name, t.name_key ORDER BY 3 DESC, t.name_key"
        );
        let rows: Vec<Counted> = sql::all(self.db(), &sql::typed(self.db(), &by_type), values()).await?;
        counts.types = rows
            .into_iter()
            .filter_map(|r| {
                let device_type = DeviceTypeRef { id: r.id?.into(), name: r.word? };
                Some(TypeCount { device_type, count: r.n })
            })
            .collect();
        for (condition, into) in [
            ("d.merged_into IS NULL AND d.archived_at IS NOT NULL", &mut counts.archived),
            ("d.merged_into IS NOT NULL", &mut counts.merged),
        ] {
            let count = format!("SELECT count(*) AS n FROM devices d {of} AND {condition}");
            *into = sql::count(self.db(), &sql::typed(self.db(), &count), values()).await?;
        }
        Ok(counts)
    }

    async fn counts_by_location(&self, id: CompanyId) -> Result<Vec<LocationCount>> {
        let select = format!(
            "SELECT l.id, l.name AS word, count(*) AS n FROM devices d LEFT JOIN locations l ON l.id = d.location_id
             WHERE {{no_index}}d.tenant_id = $1 AND d.company_id = $2 AND {LIVE}
             GROUP BY l.id, l.name, l.name_key ORDER BY l.name_key NULLS LAST"
        );
        let values = vec![self.id().into(), id.0.into()];
        let rows: Vec<Counted> = sql::all(self.db(), &sql::typed(self.db(), &select), values).await?;
        let row = |r: Counted| LocationCount {
            location: r.id.zip(r.word).map(|(id, name)| LocationRef { id: id.into(), name }),
            count: r.n,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// What each integration has of a company.
    async fn coverage(&self, id: CompanyId) -> Result<Vec<CompanyCoverage>> {
        let select = format!(
            "SELECT i.id, i.name FROM integrations i WHERE i.tenant_id = $1{} ORDER BY lower(i.name), i.id",
            self.source_within("i.id")
        );
        let integrations: Vec<Named> = sql::all(self.db(), &select, vec![self.id().into()]).await?;
        let covered = self.covered(id).await?;
        let proposed = "SELECT m.integration_id AS id, o.name FROM organization_mappings m
            JOIN organizations o ON o.integration_id = m.integration_id AND o.remote_id = m.remote_id
            WHERE m.tenant_id = $1 AND m.company_id = $2 AND m.status = 'pending' ORDER BY o.name_key";
        // What is only proposed may turn out to be another company's.
        let proposed: Vec<Named> = match self.is_limited() {
            true => Vec::new(),
            false => sql::all(self.db(), proposed, vec![self.id().into(), id.0.into()]).await?,
        };
        let mut all = Vec::with_capacity(integrations.len());
        for integration in integrations {
            let last = self.last_complete_sync(integration.id.into()).await?;
            let own = covered.iter().filter(|row| row.integration_id == integration.id);
            all.push(CompanyCoverage {
                integration_id: integration.id.into(),
                integration: integration.name,
                organizations: organizations(own)?,
                proposed: proposed
                    .iter()
                    .filter(|o| o.id == integration.id)
                    .map(|o| o.name.clone())
                    .collect(),
                run_id: last.as_ref().map(|l| l.run),
                synced_at: last.map(|l| l.finished_at),
            });
        }
        Ok(all)
    }

    /// The devices of its mapped organizations, in groups that stand alike.
    async fn covered(&self, id: CompanyId) -> Result<Vec<Covered>> {
        let select = format!(
            "SELECT om.integration_id, om.remote_id, COALESCE(o.name, om.remote_id) AS name, {STATUS} AS status,
                {BLOCKED_BY} AS blocked_by, r.node_class, r.missing_since IS NOT NULL AS missing,
                count(r.remote_id) AS n
             FROM organization_mappings om
             JOIN companies c ON c.id = om.company_id
             LEFT JOIN organizations o ON o.integration_id = om.integration_id AND o.remote_id = om.remote_id
             LEFT JOIN remote_devices r ON r.integration_id = om.integration_id AND r.organization_id = om.remote_id
             {FED}
             LEFT JOIN node_class_mappings nm ON nm.integration_id = r.integration_id AND nm.node_class = r.node_class
             LEFT JOIN device_types t ON t.id = nm.device_type_id AND t.archived_at IS NULL
             WHERE om.tenant_id = $1 AND om.company_id = $2 AND om.status = 'mapped'
             GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 3, 2"
        );
        Ok(sql::all(self.db(), &select, vec![self.id().into(), id.0.into()]).await?)
    }

    async fn merged_into(&self, id: CompanyId) -> Result<Option<CompanyRef>> {
        let select = format!(
            "SELECT k.id, k.name FROM companies c JOIN companies k ON k.id = c.merged_into
             WHERE c.tenant_id = $1 AND c.id = $2 AND c.archived_at IS NOT NULL{}",
            self.within("k.id")
        );
        let row: Option<Named> = sql::one(self.db(), &select, vec![self.id().into(), id.0.into()]).await?;
        Ok(row.map(|r| CompanyRef { id: r.id.into(), name: r.name }))
    }
}

/// Groups of devices added up by organization; they come sorted by it.
fn organizations<'a>(rows: impl Iterator<Item = &'a Covered>) -> Result<Vec<CoveredOrganization>> {
    let mut all: Vec<CoveredOrganization> = Vec::new();
    for row in rows {
        if all.last().is_none_or(|last| last.remote_id != row.remote_id) {
            all.push(CoveredOrganization {
                remote_id: row.remote_id.clone(),
                name: row.name.clone(),
                devices: 0,
                imported: 0,
                ready: 0,
                blocked: 0,
                unmapped_classes: Vec::new(),
            });
        }
        let Some(organization) = all.last_mut().filter(|_| !row.missing) else { continue };
        organization.devices += row.n;
        match StagedStatus::from_str(&row.status).map_err(Error::internal)? {
            StagedStatus::Imported => organization.imported += row.n,
            StagedStatus::Ready => organization.ready += row.n,
            StagedStatus::Blocked => organization.blocked += row.n,
        }
        if row.status == "blocked" && row.blocked_by.as_deref() == Some("type_unmapped") && row.n > 0 {
            organization.unmapped_classes.extend(row.node_class.clone());
        }
    }
    Ok(all)
}

//! One device with all its fields and where they come from.

use super::fragment::{BACKUP, LAST_CONTACT, LAST_USER, NAMES, OWNED, STATUS, backup, feed, status};
use crate::{
    Result, Tenant,
    clock::time,
    scope::Names,
    sql,
    staging::{fragment::ORGANIZATION, waiting},
    sync::{DeviceRecord, FACT_COLUMNS},
    tenant::Access,
};
use domain::{
    company::{CompanyRef, DeviceTypeRef, LocationRef},
    device::{DeviceDetail, DeviceRef, DeviceSource},
    device_edit::{DeviceField, OwnedField},
    error::UserError,
    ids::DeviceId,
    run::SourceState,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    company_id: Uuid,
    company: String,
    psa_location_id: Option<Uuid>,
    psa_location: Option<String>,
    type_id: Uuid,
    type_name: String,
    status: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
    backup: String,
    last_contact: Option<i64>,
    last_user: Option<String>,
    waits: Option<String>,
    organization: Option<String>,
    owned: i64,
    asset_tag: Option<String>,
    notes: Option<String>,
    archived_at: Option<i64>,
    kept_id: Option<Uuid>,
    kept_name: Option<String>,
    #[sea_orm(nested)]
    source: SourceRow,
    #[sea_orm(nested)]
    record: DeviceRecord,
}

#[derive(FromQueryResult)]
struct SourceRow {
    integration_id: Option<Uuid>,
    integration: Option<String>,
    vendor: Option<String>,
    remote_id: Option<String>,
    organization_name: Option<String>,
    location_name: Option<String>,
    remote_class: Option<String>,
    url: Option<String>,
    missing_since: Option<i64>,
    remote_approval: Option<String>,
    synced_at: Option<i64>,
}

/// When the last device sync of the integration ended that read everything.
const SYNCED_AT: &str = "(SELECT max(u.finished_at) FROM runs u WHERE u.integration_id = d.integration_id
    AND u.kind IN ('devices', 'all') AND u.state IN ('completed', 'completed_with_errors'))";

/// The mapping of its organization, the company that it names, and the organization's present name.
const MAPPED: &str = "
    LEFT JOIN organization_mappings om ON om.integration_id = r.integration_id AND om.remote_id = r.organization_id
    LEFT JOIN companies mc ON mc.id = om.company_id AND mc.tenant_id = d.tenant_id AND om.status = 'mapped'
    LEFT JOIN organizations o ON o.integration_id = r.integration_id AND o.remote_id = r.organization_id";

/// Sources that only add to a device: when one fails, the others go on.
const OPTIONAL: [&str; 4] = ["roles", "owners", "backup usage", "logged-on users"];

impl<A: Access> Tenant<A> {
    /// One device.
    pub async fn device(&self, id: DeviceId) -> Result<DeviceDetail> {
        let facts: Vec<String> = FACT_COLUMNS.iter().map(|(c, _)| format!("d.{c}")).collect();
        let (waits, feed) = (waiting::why("d", "mc"), feed(self.db()));
        let select = format!(
            "SELECT d.id, d.company_id, c.name AS company, l.id AS psa_location_id, l.name AS psa_location,
                t.id AS type_id, t.name AS type_name, {STATUS} AS status, d.version, d.created_at, d.updated_at,
                {BACKUP} AS backup, {LAST_CONTACT} AS last_contact, {LAST_USER} AS last_user,
                i.id AS integration_id, i.name AS integration, i.vendor, d.remote_id, d.organization_name,
                d.location_name, r.node_class AS remote_class, r.missing_since,
                r.approval AS remote_approval, {SYNCED_AT} AS synced_at,
                {waits} AS waits, {ORGANIZATION} AS organization, d.owned, d.asset_tag, d.notes, d.archived_at,
                kept.id AS kept_id, kept.name AS kept_name, {}
             FROM devices d {NAMES} {feed} {MAPPED}
             LEFT JOIN devices kept ON kept.id = d.merged_into{} {OWNED} AND d.id = $2{}",
            facts.join(", "),
            self.within("kept.company_id"),
            self.within("d.company_id")
        );
        let row: Option<Row> = sql::one(self.db(), &select, vec![self.id().into(), id.0.into()]).await?;
        let row = row.ok_or_else(|| UserError::not_found("device"))?;
        let owned = row.owned;
        let mut device = self.known_device(view(row)?).await?;
        device.owned = self.owned_fields(id, owned).await?;
        self.hide_told_places(&mut device.owned).await?;
        device.stale = self.stale_sources(&device).await?;
        Ok(device)
    }

    /// Without what names an organization of a company beyond, for one who is limited to some companies: a device stays where it is
    /// while its organization is mapped elsewhere, or not at all.
    async fn known_device(&self, mut device: DeviceDetail) -> Result<DeviceDetail> {
        let Some(source) = device.source.as_mut().filter(|_| self.is_limited()) else { return Ok(device) };
        let count = format!(
            "SELECT count(*) AS n FROM remote_devices r WHERE r.tenant_id = $1 AND r.integration_id = $2 AND r.remote_id = $3{}",
            self.staged_within("r")
        );
        let values = vec![self.id().into(), source.integration_id.0.into(), source.remote_id.clone().into()];
        if sql::count(self.db(), &count, values).await? == 0 {
            (source.organization, source.location, device.waiting) = (None, None, None);
        }
        Ok(device)
    }

    /// The location that the sync tells of may be one of another company.
    async fn hide_told_places(&self, owned: &mut [OwnedField]) -> Result<()> {
        let names = Names::of(self, std::iter::empty()).await?;
        for field in
            owned.iter_mut().filter(|f| matches!(f.field, DeviceField::Company | DeviceField::Location))
        {
            field.remote = names.place(field.remote.take());
        }
        Ok(())
    }

    /// What could not be read lately of what its integration tells of a device.
    async fn stale_sources(&self, device: &DeviceDetail) -> Result<Vec<SourceState>> {
        let Some(source) = &device.source else { return Ok(Vec::new()) };
        let mut sources = self.sources(source.integration_id).await?;
        sources.retain(|s| s.is_stale() && OPTIONAL.contains(&s.source.as_str()));
        Ok(sources)
    }
}

fn view(row: Row) -> Result<DeviceDetail> {
    let waiting = row.waits.as_deref().zip(row.organization.as_deref());
    let waiting = waiting.map(|(why, organization)| waiting::sentence(why, organization, &row.company));
    Ok(DeviceDetail {
        id: row.id.into(),
        company: CompanyRef { id: row.company_id.into(), name: row.company },
        location: row
            .psa_location_id
            .zip(row.psa_location)
            .map(|(id, name)| LocationRef { id: id.into(), name }),
        device_type: DeviceTypeRef { id: row.type_id.into(), name: row.type_name },
        status: status(&row.status)?,
        version: row.version,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        source: source(row.source),
        facts: row.record.facts()?,
        backup: backup(&row.backup)?,
        last_contact: row.last_contact.map(time),
        last_user: row.last_user,
        waiting,
        stale: Vec::new(),
        owned: Vec::new(),
        asset_tag: row.asset_tag,
        notes: row.notes,
        archived_at: row.archived_at.map(time),
        merged_into: row.kept_id.zip(row.kept_name).map(|(id, name)| DeviceRef { id: id.into(), name }),
        edit: None,
    })
}

fn source(row: SourceRow) -> Option<DeviceSource> {
    Some(DeviceSource {
        integration_id: row.integration_id?.into(),
        integration: row.integration?,
        vendor: row.vendor?,
        remote_id: row.remote_id?,
        organization: row.organization_name,
        location: row.location_name,
        node_class: row.remote_class,
        url: row.url,
        missing_since: row.missing_since.map(time),
        decommissioned: row.missing_since.is_some()
            && row.remote_approval.as_deref() == Some("DECOMMISSIONED"),
        synced_at: row.synced_at.map(time),
    })
}

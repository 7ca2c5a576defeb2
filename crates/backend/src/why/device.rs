//! The steps that a device of the inventory explains itself: where it is, archive, merge, own values.

use crate::{Result, Tenant, clock::time, sql, staging::waiting, tenant::Access};
use domain::{
    error::UserError,
    ids::DeviceId,
    why::{WhyLink, WhyPlace, WhyStep},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A device of the inventory.
#[derive(FromQueryResult)]
pub(super) struct Device {
    pub id: Uuid,
    pub name: String,
    pub integration_id: Option<Uuid>,
    pub integration: Option<String>,
    pub remote_id: Option<String>,
    pub kept: bool,
    pub company_id: Uuid,
    pub company: String,
    pub device_type: String,
    pub location: Option<String>,
    pub created_at: i64,
    pub archived_at: Option<i64>,
    pub merged_into: Option<Uuid>,
    pub merged_name: Option<String>,
    waits: Option<String>,
    organization: Option<String>,
}

/// Somebody's act, from a device's history.
#[derive(FromQueryResult)]
struct Act {
    user_name: Option<String>,
    at: i64,
}

impl<A: Access> Tenant<A> {
    /// A device of the inventory.
    pub(super) async fn why_device(&self, id: DeviceId) -> Result<Device> {
        let waits = waiting::why("d", "mc");
        let select = format!(
            "SELECT d.id, d.name, d.integration_id, i.name AS integration, d.remote_id,
                d.source_account IS NOT NULL AS kept, d.company_id, c.name AS company, t.name AS device_type,
                l.name AS location, d.created_at, d.archived_at, d.merged_into, k.name AS merged_name, {waits} AS waits,
                o.name AS organization
             FROM devices d
             LEFT JOIN companies c ON c.id = d.company_id
             LEFT JOIN device_types t ON t.id = d.device_type_id
             LEFT JOIN locations l ON l.id = d.location_id
             LEFT JOIN devices k ON k.id = d.merged_into AND k.tenant_id = d.tenant_id{}
             LEFT JOIN integrations i ON i.id = d.integration_id
             LEFT JOIN remote_devices r ON r.integration_id = d.integration_id AND r.remote_id = d.remote_id
             LEFT JOIN organizations o ON o.integration_id = r.integration_id AND o.remote_id = r.organization_id
             LEFT JOIN organization_mappings om ON om.integration_id = r.integration_id AND om.remote_id = r.organization_id
             LEFT JOIN companies mc ON mc.id = om.company_id AND mc.tenant_id = d.tenant_id AND om.status = 'mapped'
             WHERE d.tenant_id = $1 AND d.id = $2{}",
            self.within("k.company_id"),
            self.within("d.company_id")
        );
        let row: Option<Device> = sql::one(self.db(), &select, vec![self.id().into(), id.0.into()]).await?;
        let mut row = row.ok_or_else(|| UserError::not_found("device"))?;
        // A device waits because its organization is mapped to none of the reader's companies.
        row.waits = row.waits.filter(|_| !self.is_limited());
        Ok(row)
    }

    /// What people did to a device: put away, merged, values of their own.
    pub(super) async fn why_acts(&self, device: &Device) -> Result<Vec<WhyStep>> {
        let mut steps = Vec::new();
        if let (Some(id), Some(name)) = (device.merged_into, &device.merged_name) {
            let act = self.why_act(device.id, "merged").await?;
            let by = act.as_ref().and_then(|a| a.user_name.as_deref());
            let step = WhyStep::merged(name, by).when(act.as_ref().map(|a| time(a.at)));
            let back = WhyLink::general(WhyPlace::Merged, "Un-merge it there").named(&device.name);
            steps.push(step.link(WhyLink::to(WhyPlace::Device, name, id)).link(back));
        }
        if let Some(at) = device.archived_at {
            let act = self.why_act(device.id, "archived").await?;
            let step = WhyStep::archived(act.and_then(|a| a.user_name).as_deref()).when(Some(time(at)));
            steps.push(step.link(WhyLink::to(WhyPlace::Device, "Its history", device.id)));
        }
        let owned = self.device(device.id.into()).await?.owned;
        if !owned.is_empty() {
            let fields: Vec<_> = owned.into_iter().map(|o| (o.field.label().to_owned(), o.by)).collect();
            let link = WhyLink::to(WhyPlace::Device, "Release them there", device.id);
            steps.push(WhyStep::owned(&fields).link(link));
        }
        Ok(steps)
    }

    async fn why_act(&self, device: Uuid, kind: &str) -> Result<Option<Act>> {
        let select = "SELECT e.user_name, e.at FROM device_history h JOIN device_edits e ON e.id = h.edit_id
            WHERE h.tenant_id = $1 AND h.device_id = $2 AND e.kind = $3 ORDER BY e.at DESC LIMIT 1";
        let values = vec![self.id().into(), device.into(), kind.into()];
        Ok(sql::one(self.db(), select, values).await?)
    }
}

impl Device {
    /// That it waits where it is, because its organization is not mapped.
    pub fn waiting(&self) -> Option<WhyStep> {
        let (why, organization) = (self.waits.as_deref()?, self.organization.as_deref()?);
        let integration = self.integration_id?;
        let link = WhyLink::at(WhyPlace::Organizations, "Map the organization", integration.into());
        let text = waiting::sentence(why, organization, &self.company);
        Some(WhyStep::waiting(&text).link(link.named(organization)))
    }

    /// That no row feeds it.
    pub fn without_source(&self) -> WhyStep {
        match (&self.integration, self.integration_id) {
            (Some(name), Some(id)) => {
                WhyStep::never_seen(name).link(WhyLink::at(WhyPlace::Runs, "All runs", id.into()))
            }
            _ if self.kept => {
                WhyStep::no_source(true).link(WhyLink::general(WhyPlace::Integrations, "Integrations"))
            }
            _ => WhyStep::no_source(false).link(WhyLink::to(WhyPlace::Device, "Its history", self.id)),
        }
    }

    /// Whether lists show it.
    pub fn is_live(&self) -> bool {
        self.archived_at.is_none() && self.merged_into.is_none()
    }
}

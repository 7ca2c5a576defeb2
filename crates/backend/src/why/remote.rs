//! The steps that a row of staging explains: organization, type, import.

use super::source::Source;
use crate::{
    Error, Result, Tenant,
    clock::time,
    sql,
    staging::fragment::{BLOCKED_BY, FED, JOINS, ORGANIZATION, STATUS},
    tenant::Access,
};
use domain::{
    error::UserError,
    ids::IntegrationId,
    import::{BlockedBy, StagedStatus},
    why::{DecidedBy, WhyLink, WhyPlace, WhyStep},
};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

/// A row of staging with everything that decides about it.
#[derive(FromQueryResult)]
pub(super) struct Remote {
    pub integration_id: Uuid,
    pub integration: String,
    pub remote_id: String,
    pub name: String,
    pub organization: String,
    pub node_class: String,
    pub approval: Option<String>,
    pub missing_since: Option<i64>,
    pub created_at: i64,
    pub device_id: Option<Uuid>,
    pub same_as: Option<Uuid>,
    mapping: Option<String>,
    mapped_by: Option<String>,
    mapped_by_name: Option<String>,
    mapped_at: Option<i64>,
    target_id: Option<Uuid>,
    target: Option<String>,
    target_archived: bool,
    pub company_id: Option<Uuid>,
    pub company: Option<String>,
    device_type: Option<String>,
    ignored: bool,
    auto_sync: bool,
    status: String,
    blocked_by: Option<String>,
}

impl<A: Access> Tenant<A> {
    /// A row of staging.
    pub(super) async fn why_remote(&self, integration: IntegrationId, remote_id: &str) -> Result<Remote> {
        let select = format!(
            "SELECT r.integration_id, i.name AS integration, r.remote_id, r.name, {ORGANIZATION} AS organization,
                r.node_class, r.approval, r.missing_since, r.created_at, fed.id AS device_id, r.same_as, om.status AS mapping,
                om.mapped_by, u.name AS mapped_by_name, om.mapped_at, mc.id AS target_id, mc.name AS target,
                mc.archived_at IS NOT NULL AS target_archived,
                CASE WHEN c.archived_at IS NULL THEN c.id END AS company_id,
                CASE WHEN c.archived_at IS NULL THEN c.name END AS company, t.name AS device_type,
                COALESCE(nm.ignored, FALSE) AS ignored, COALESCE(nm.auto_sync, FALSE) AS auto_sync, {STATUS} AS status,
                {BLOCKED_BY} AS blocked_by
             FROM remote_devices r {FED} {JOINS} JOIN integrations i ON i.id = r.integration_id
             LEFT JOIN companies mc ON mc.id = om.company_id AND mc.tenant_id = r.tenant_id
             LEFT JOIN users u ON u.id = om.user_id AND u.tenant_id = r.tenant_id
             WHERE r.tenant_id = $1 AND r.integration_id = $2 AND r.remote_id = $3{}",
            self.why_within("r")
        );
        let values = vec![self.id().into(), integration.0.into(), remote_id.into()];
        let row: Option<Remote> = sql::one(self.db(), &select, values).await?;
        let mut row = row.ok_or_else(|| UserError::not_found("staged device"))?;
        // It may be another company's.
        row.same_as = row.same_as.filter(|_| !self.is_limited());
        Ok(row)
    }
}

impl Remote {
    fn integration(&self) -> IntegrationId {
        self.integration_id.into()
    }

    fn to_organization(&self) -> WhyLink {
        WhyLink::at(WhyPlace::Organizations, "Its mapping", self.integration()).named(&self.organization)
    }

    fn to_staged(&self, label: &str) -> WhyLink {
        WhyLink::at(WhyPlace::Staged, label, self.integration()).named(&self.name)
    }

    /// Whether the vendor lists it, as of which run.
    pub fn source(&self, source: &Source) -> WhyStep {
        let runs = WhyLink::at(WhyPlace::Runs, "All runs", self.integration());
        let run = |id: Uuid, label: &str| WhyLink::at(WhyPlace::Run, label, self.integration()).with(id);
        if let Some(since) = self.missing_since {
            let retired = self.approval.as_deref() == Some("DECOMMISSIONED");
            let step = WhyStep::missing(&self.integration, time(since), retired);
            return step.link(source.lost_by.map_or(runs, |id| run(id, "The sync that found this")));
        }
        match &source.last {
            Some(last) if self.created_at <= last.finished_at.timestamp_micros() => {
                WhyStep::seen(&self.integration, last).link(run(last.run.0, "That sync"))
            }
            last => WhyStep::not_proven(&self.integration, last.is_some()).link(runs),
        }
    }

    /// What its organization is mapped to.
    pub fn organization(&self) -> WhyStep {
        let by = DecidedBy {
            user: self.mapped_by_name.clone(),
            quick_match: self.mapped_by.as_deref() == Some("quick_match"),
        };
        let (organization, target) = (&self.organization, self.target.as_deref().unwrap_or_default());
        let step = match (self.mapping.as_deref(), self.target_id) {
            (Some("mapped"), Some(id)) => {
                WhyStep::organization_mapped(organization, target, &by, self.target_archived)
                    .when(self.mapped_at.map(time))
                    .link(WhyLink::to(WhyPlace::Company, target, id))
            }
            (Some("pending"), Some(id)) => WhyStep::organization_pending(organization, target)
                .link(WhyLink::to(WhyPlace::Company, target, id)),
            (Some("ignored"), _) => {
                WhyStep::organization_ignored(organization, &by).when(self.mapped_at.map(time))
            }
            _ => WhyStep::organization_unmapped(organization),
        };
        step.link(self.to_organization())
    }

    /// What its node class is mapped to.
    pub fn node_class(&self) -> WhyStep {
        let step = match (&self.device_type, self.ignored) {
            (Some(device_type), false) => WhyStep::type_mapped(&self.node_class, device_type, self.auto_sync),
            (_, ignored) => WhyStep::type_unmapped(&self.node_class, ignored),
        };
        step.link(WhyLink::at(WhyPlace::Staged, "Node classes", self.integration()))
    }

    /// What keeps a row that feeds no device from being imported.
    pub fn standing(&self) -> Result<(WhyStep, Option<BlockedBy>)> {
        let status = StagedStatus::from_str(&self.status).map_err(Error::internal)?;
        if status == StagedStatus::Ready {
            return Ok((WhyStep::ready(self.auto_sync).link(self.to_staged("Import it")), None));
        }
        let by = self.blocked_by.as_deref().map(BlockedBy::from_str).transpose().map_err(Error::internal)?;
        let by = by.unwrap_or(BlockedBy::Missing);
        let mut step = WhyStep::blocked(by).link(self.to_staged("The staged device"));
        if let Some(id) = self.same_as.filter(|_| by == BlockedBy::Reenrolled) {
            step = step.link(WhyLink::to(WhyPlace::Device, "The device that it looks like", id));
        }
        Ok((step, Some(by)))
    }
}

//! Saving decisions about organizations.

use super::plan::plan;
use crate::{
    Result, Tenant, db,
    mappings::{
        decisions::{self, Applied, Plan, Wanted},
        store::{self, ORGANIZATIONS, Writer},
    },
    tenant::CanManage,
};
use domain::{
    decision::{Decided, DecisionKind, MappingSelection},
    error::UserError,
    ids::IntegrationId,
    mapping::{OrganizationChoice, OrganizationRow},
};
use sea_orm::ConnectionTrait;

impl<A: CanManage> Tenant<A> {
    /// Saves one decision and answers the row as it is now, with how to take it back. Mappings of the organization's
    /// locations that point into another company are taken back with it. What moves imported devices, leaves them waiting
    /// or makes one company of two organizations is a conflict at field `confirm` until it is confirmed.
    pub async fn save_organization(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        choice: OrganizationChoice,
        version: Option<i64>,
        confirm: bool,
    ) -> Result<OrganizationRow> {
        self.integration_exists(integration).await?;
        let writer = Writer::new(self, integration);
        let tx = db::begin(self.db()).await?;
        store::lock(&tx, writer.integration).await?;
        let row = self.organization(&tx, integration, remote_id).await?;
        decisions::is_current(ORGANIZATIONS, version, row.version)?;
        let wanted = plan(&tx, &writer, std::slice::from_ref(&row), &choice).await?.single()?;
        let (_, done) = self.decide_of_organizations(&tx, &writer, &choice, wanted, confirm).await?;
        let row = self.organization(&tx, integration, remote_id).await?;
        tx.commit().await?;
        self.push_remap(done.run).await?;
        Ok(OrganizationRow { undo: done.undo, ..row })
    }

    /// Saves one decision about several organizations. Rows that it cannot be about are left as they are and are named.
    pub async fn decide_organizations(
        &self,
        integration: IntegrationId,
        select: MappingSelection,
        choice: OrganizationChoice,
        confirm: bool,
    ) -> Result<Decided> {
        decisions::checked(&select)?;
        self.integration_exists(integration).await?;
        let writer = Writer::new(self, integration);
        let tx = db::begin(self.db()).await?;
        store::lock(&tx, writer.integration).await?;
        let rows = self.selected_organizations(&tx, integration, &select).await?;
        let mut plan: Plan = plan(&tx, &writer, &rows, &choice).await?;
        plan.skip_unknown(&select, rows.iter().map(|r| r.remote_id.as_str()));
        let (wanted, answer) = plan.split();
        let (changed, done) = self.decide_of_organizations(&tx, &writer, &choice, wanted, confirm).await?;
        tx.commit().await?;
        self.push_remap(done.run).await?;
        Ok(Decided { undo: done.undo, run: done.run, ..answer(changed) })
    }

    /// Another organization takes the place of one at its company, in one decision. `version` and `confirm` as for a
    /// decision about one.
    pub async fn swap_organization(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        by: &str,
        version: Option<i64>,
        confirm: bool,
    ) -> Result<Decided> {
        self.integration_exists(integration).await?;
        let writer = Writer::new(self, integration);
        let tx = db::begin(self.db()).await?;
        store::lock(&tx, writer.integration).await?;
        let old = self.organization(&tx, integration, remote_id).await?;
        decisions::is_current(ORGANIZATIONS, version, old.version)?;
        let new = self.organization(&tx, integration, by).await?;
        let Some(company) = old.company.as_ref().map(|c| c.id) else {
            let why = "This organization is not mapped, so nothing can take its place. Reload the page.";
            return Err(UserError::invalid("remote_id", why).into());
        };
        if remote_id == by {
            return Err(UserError::invalid("by", "Choose another organization.").into());
        }
        let choice = OrganizationChoice::Link(company);
        let mut wanted = plan(&tx, &writer, &[old], &OrganizationChoice::Unmap).await?.single()?;
        wanted.extend(plan(&tx, &writer, &[new], &choice).await?.single()?);
        let (changed, done) = self.decide_of_organizations(&tx, &writer, &choice, wanted, confirm).await?;
        tx.commit().await?;
        self.push_remap(done.run).await?;
        Ok(Decided { changed, skipped: Vec::new(), skipped_count: 0, undo: done.undo, run: done.run })
    }

    async fn decide_of_organizations(
        &self,
        tx: &impl ConnectionTrait,
        writer: &Writer,
        choice: &OrganizationChoice,
        wanted: Vec<Wanted>,
        confirm: bool,
    ) -> Result<(i64, Applied)> {
        let changes = decisions::changes(tx, ORGANIZATIONS, writer, wanted).await?;
        let changed = i64::try_from(changes.len()).unwrap_or(i64::MAX);
        let done =
            decisions::apply(self, tx, (ORGANIZATIONS, writer), kind(choice), changes, confirm).await?;
        Ok((changed, done))
    }
}

fn kind(choice: &OrganizationChoice) -> DecisionKind {
    match choice {
        OrganizationChoice::Link(_) => DecisionKind::Link,
        OrganizationChoice::Accept => DecisionKind::Accept,
        OrganizationChoice::Create => DecisionKind::Create,
        OrganizationChoice::Ignore => DecisionKind::Ignore,
        OrganizationChoice::Unmap => DecisionKind::Unmap,
    }
}

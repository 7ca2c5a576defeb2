//! Saving decisions about organizations.

use crate::{
    Result, Tenant,
    mappings::{
        decisions,
        note::note_one,
        side::{Organizations, Side},
        store::ORGANIZATIONS,
    },
    tenant::CanManage,
};
use domain::{
    decision::{Decided, MappingSelection},
    error::UserError,
    ids::IntegrationId,
    mapping::{MappingChoice, OrganizationChoice, OrganizationRow},
};
use serde_json::json;

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
        self.save_one::<Organizations>(integration, remote_id, &choice, version, confirm).await
    }

    /// Saves one decision about several organizations. Rows that it cannot be about are left as they are and are named.
    pub async fn decide_organizations(
        &self,
        integration: IntegrationId,
        select: MappingSelection,
        choice: OrganizationChoice,
        confirm: bool,
    ) -> Result<Decided> {
        self.save_many::<Organizations>(integration, &select, &choice, confirm).await
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
        let (writer, tx) = self.deciding(integration).await?;
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
        let (old_name, new_name) = (old.name.clone(), new.name.clone());
        let to = old.company.as_ref().map(|c| c.name.clone());
        let mut wanted =
            Organizations::plan(&tx, &writer, &[old], &OrganizationChoice::Unmap).await?.single()?;
        wanted.extend(Organizations::plan(&tx, &writer, &[new], &choice).await?.single()?);
        let decision = (choice.kind(), wanted);
        let carried = self.carry_out::<Organizations>(&tx, &writer, decision, confirm).await?;
        let (changed, done) = (carried.count(), carried.done);
        let details = json!({ "of": "organization", "choice": "link", "to": to, "in_place_of": old_name });
        note_one(self, &tx, writer.integration, (by, &new_name), details).await?;
        self.decided(tx, done).await?;
        Ok(Decided { changed, skipped: Vec::new(), skipped_count: 0, undo: done.undo, run: done.run })
    }
}

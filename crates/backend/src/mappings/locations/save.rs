//! Saving decisions about remote locations.

use super::plan::plan;
use crate::{
    Result, Tenant, db,
    mappings::{
        decisions::{self, Applied, Plan, Wanted},
        store::{self, LOCATIONS, Writer},
    },
    tenant::CanManage,
};
use domain::{
    decision::{Decided, DecisionKind, MappingSelection},
    ids::IntegrationId,
    mapping::{LocationChoice, RemoteLocationRow},
};
use sea_orm::ConnectionTrait;

impl<A: CanManage> Tenant<A> {
    /// Saves one decision and answers the row as it is now, with how to take it back. Only locations of the mapped
    /// company can be linked.
    pub async fn save_location(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        choice: LocationChoice,
        version: Option<i64>,
    ) -> Result<RemoteLocationRow> {
        self.integration_exists(integration).await?;
        let writer = Writer::new(self, integration);
        let tx = db::begin(self.db()).await?;
        store::lock(&tx, writer.integration).await?;
        let row = self.remote_location(&tx, integration, remote_id).await?;
        decisions::is_current(LOCATIONS, version, row.version)?;
        let wanted = plan(&tx, &writer, std::slice::from_ref(&row), &choice).await?.single()?;
        let (_, done) = self.decide_of_locations(&tx, &writer, &choice, wanted).await?;
        let row = self.remote_location(&tx, integration, remote_id).await?;
        tx.commit().await?;
        self.push_remap(done.run).await?;
        Ok(RemoteLocationRow { undo: done.undo, ..row })
    }

    /// Saves one decision about several remote locations, such as all of an organization to one location. Rows that it
    /// cannot be about are left as they are and are named.
    pub async fn decide_locations(
        &self,
        integration: IntegrationId,
        select: MappingSelection,
        choice: LocationChoice,
    ) -> Result<Decided> {
        decisions::checked(&select)?;
        self.integration_exists(integration).await?;
        let writer = Writer::new(self, integration);
        let tx = db::begin(self.db()).await?;
        store::lock(&tx, writer.integration).await?;
        let rows = self.selected_locations(&tx, integration, &select).await?;
        let mut plan: Plan = plan(&tx, &writer, &rows, &choice).await?;
        plan.skip_unknown(&select, rows.iter().map(|r| r.remote_id.as_str()));
        let (wanted, answer) = plan.split();
        let (changed, done) = self.decide_of_locations(&tx, &writer, &choice, wanted).await?;
        tx.commit().await?;
        self.push_remap(done.run).await?;
        Ok(Decided { undo: done.undo, run: done.run, ..answer(changed) })
    }

    async fn decide_of_locations(
        &self,
        tx: &impl ConnectionTrait,
        writer: &Writer,
        choice: &LocationChoice,
        wanted: Vec<Wanted>,
    ) -> Result<(i64, Applied)> {
        let changes = decisions::changes(tx, LOCATIONS, writer, wanted).await?;
        let changed = i64::try_from(changes.len()).unwrap_or(i64::MAX);
        let done = decisions::apply(self, tx, (LOCATIONS, writer), kind(choice), changes, true).await?;
        Ok((changed, done))
    }
}

fn kind(choice: &LocationChoice) -> DecisionKind {
    match choice {
        LocationChoice::Link(_) => DecisionKind::Link,
        LocationChoice::Accept => DecisionKind::Accept,
        LocationChoice::Create => DecisionKind::Create,
        LocationChoice::Ignore => DecisionKind::Ignore,
        LocationChoice::Unmap => DecisionKind::Unmap,
    }
}

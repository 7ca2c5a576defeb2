//! Starting an import.

use crate::{
    Error, Result, Tenant,
    runs::{self, Selection},
    sql,
    staging::fragment::{OWNED, owner, selected},
    tenant::CanManage,
};
use domain::{
    error::UserError,
    ids::IntegrationId,
    import::{ImportSelection, MAX_NAMED_DEVICES},
    run::{Run, RunKind, StartedBy},
};

impl<A: CanManage> Tenant<A> {
    /// Starts an import, or answers the one that runs.
    pub async fn start_import(&self, integration: IntegrationId, select: ImportSelection) -> Result<Run> {
        self.integration_exists(integration).await?;
        self.check_selection(integration, &select).await?;
        let selection = serde_json::to_string(&Selection::Chosen(select)).map_err(Error::internal)?;
        runs::start(self, integration, RunKind::Import, StartedBy::User, Some(selection)).await
    }

    async fn check_selection(&self, integration: IntegrationId, select: &ImportSelection) -> Result<()> {
        match select {
            ImportSelection::RemoteIds(ids) if ids.is_empty() => {
                Err(UserError::invalid("select", "Choose at least one device to import.").into())
            }
            ImportSelection::RemoteIds(ids) if ids.len() > MAX_NAMED_DEVICES => {
                let message = format!(
                    "Name at most {MAX_NAMED_DEVICES} devices one by one; select more of them by a filter."
                );
                Err(UserError::invalid("select", message).into())
            }
            ImportSelection::NodeClass(class) => self.check_class(integration, class).await,
            ImportSelection::Filter(filter) => {
                self.check_staged(filter).await?;
                selected(filter, &mut owner(self.id(), integration.0)).map(drop)
            }
            ImportSelection::RemoteIds(_) | ImportSelection::All => Ok(()),
        }
    }

    async fn check_class(&self, integration: IntegrationId, class: &str) -> Result<()> {
        let mut p = owner(self.id(), integration.0);
        let count = format!(
            "SELECT count(*) AS n FROM remote_devices r {OWNED} AND r.node_class = {}",
            p.push(class)
        );
        if sql::count(self.db(), &count, p.0).await? == 0 {
            let message = "No staged device has this node class. Reload the page to see what is there now.";
            return Err(UserError::invalid("select", message).into());
        }
        Ok(())
    }
}

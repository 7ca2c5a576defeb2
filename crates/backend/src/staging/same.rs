//! Deciding whether a staged device is the inventory device that it looks like.

use super::fragment::{FED, OWNED};
use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    db::{self, Tx},
    devices::edit::{
        feed::keep_past,
        log::{self, Line, NewEdit},
    },
    imports, sql,
    tenant::CanManage,
};
use domain::{
    audit::AuditAction,
    device_edit::HistoryKind,
    error::UserError,
    ids::{DeviceId, IntegrationId},
    import::{SameChoice, StagedDevice},
    run::FieldChange,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Proposed {
    same_as: Option<Uuid>,
    device_id: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct Fed {
    remote_id: Option<String>,
}

/// The integration that feeds a device.
#[derive(FromQueryResult)]
struct Feeds {
    id: Option<Uuid>,
    name: Option<String>,
}

impl<A: CanManage> Tenant<A> {
    /// The same machine: the inventory device goes on with this row, and its old row lets go of it. Another machine: it is
    /// imported as a device of its own, and not proposed again.
    pub async fn resolve_same(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        choice: SameChoice,
    ) -> Result<StagedDevice> {
        let owned = || vec![self.id().into(), integration.0.into(), remote_id.into()];
        let tx = db::begin(self.db()).await?;
        let select = format!(
            "SELECT r.same_as, fed.id AS device_id FROM remote_devices r {FED} {OWNED} AND r.remote_id = $3"
        );
        let row: Option<Proposed> = sql::one(&tx, &select, owned()).await?;
        let row = row.ok_or_else(|| UserError::not_found("staged device"))?;
        let (Some(device), None) = (row.same_as, row.device_id) else {
            return Err(UserError::conflict("This was decided already. Reload the page.").into());
        };
        self.refuse_fed(&tx, integration, device, choice).await?;
        match choice {
            SameChoice::Same => self.take_over(&tx, integration, remote_id, device).await?,
            SameChoice::New => {
                let update = "UPDATE remote_devices SET same_as = NULL, not_same = TRUE
                    WHERE tenant_id = $1 AND integration_id = $2 AND remote_id = $3";
                sql::execute(&tx, update, owned()).await?;
            }
        }
        let name = audit::name_of(&tx, self.id(), "devices", device).await?;
        let details = json!({ "remote_id": remote_id, "choice": choice.as_str() });
        let subject = Subject::device(DeviceId(device), &name);
        audit::note(self, &tx, AuditAction::ReenrolmentDecided, subject, details).await?;
        tx.commit().await?;
        self.staged_device(integration, remote_id).await
    }

    /// Refuses a device that its own row feeds again, and one that goes on elsewhere: that one is another machine for this
    /// integration, and may be said to be so.
    async fn refuse_fed(
        &self,
        tx: &Tx,
        integration: IntegrationId,
        device: Uuid,
        choice: SameChoice,
    ) -> Result<()> {
        let select = format!(
            "SELECT i.id, i.name FROM devices d LEFT JOIN integrations i ON i.id = d.integration_id
             WHERE d.tenant_id = $1 AND d.id = $2{}",
            sql::locked(tx, " FOR UPDATE OF d")
        );
        let feeds: Option<Feeds> = sql::one(tx, &select, vec![self.id().into(), device.into()]).await?;
        let Some(feeds) = feeds.filter(|feeds| feeds.id != Some(integration.0)) else {
            return self.refuse_listed(tx, device).await;
        };
        if choice == SameChoice::New {
            return Ok(());
        }
        let by = feeds.name.unwrap_or_else(|| "no integration".to_owned());
        let message = format!(
            "The device that it looks like is fed by {by} by now, so this one cannot go on as that device. \
             Choose \"New device\": if both are one machine, merge them under Duplicates once it is imported."
        );
        Err(UserError::conflict(message).into())
    }

    /// Refuses a device whose own row is not missing any more.
    async fn refuse_listed(&self, tx: &Tx, device: Uuid) -> Result<()> {
        let gone = "SELECT count(*) AS n FROM devices d JOIN remote_devices old
                ON old.integration_id = d.integration_id AND old.remote_id = d.remote_id
            WHERE d.tenant_id = $1 AND d.id = $2 AND old.missing_since IS NOT NULL";
        if sql::count(tx, gone, vec![self.id().into(), device.into()]).await? > 0 {
            return Ok(());
        }
        let message = "The device that it looks like is in NinjaOne again. Run a device sync and look again.";
        Err(UserError::conflict(message).into())
    }

    async fn take_over(
        &self,
        tx: &Tx,
        integration: IntegrationId,
        remote_id: &str,
        device: Uuid,
    ) -> Result<()> {
        let fed = "SELECT remote_id FROM devices WHERE tenant_id = $1 AND id = $2";
        let before: Option<Fed> = sql::one(tx, fed, vec![self.id().into(), device.into()]).await?;
        let old = before.as_ref().and_then(|fed| fed.remote_id.as_deref());
        keep_past(tx, self.id(), self.now(), device, old.map(|old| (integration.0, old))).await?;
        // Should the old row come back, what is made of it takes another id: this device goes on with its own.
        let renew = "UPDATE remote_devices SET id = $4 WHERE tenant_id = $1 AND integration_id = $2 AND remote_id = $3";
        let values = vec![self.id().into(), integration.0.into(), old.into(), new_id().into()];
        sql::execute(tx, renew, values).await?;
        let feed =
            "UPDATE devices SET remote_id = $4 WHERE tenant_id = $1 AND integration_id = $2 AND id = $3";
        let values = vec![self.id().into(), integration.0.into(), device.into(), remote_id.into()];
        if sql::execute(tx, feed, values).await? == 0 {
            return Err(
                UserError::conflict("Something else feeds this device by now. Reload the page.").into()
            );
        }
        let decided = "UPDATE remote_devices SET same_as = NULL WHERE tenant_id = $1 AND integration_id = $2 AND remote_id = $3";
        let values = vec![self.id().into(), integration.0.into(), remote_id.into()];
        sql::execute(tx, decided, values).await?;
        imports::bring_up_to_date(tx, self.id(), integration.0, self.now(), &[remote_id]).await?;
        self.tell_history(tx, device, remote_id, before.and_then(|b| b.remote_id)).await
    }

    async fn tell_history(
        &self,
        tx: &Tx,
        device: Uuid,
        remote_id: &str,
        before: Option<String>,
    ) -> Result<()> {
        let kind = HistoryKind::Linked;
        let edit = NewEdit { kind, fields: &[], devices: 1, name: remote_id, can_undo: false, undo_of: None };
        let edit = log::open(self, tx, edit).await?;
        let after = Some(remote_id.to_owned());
        let fields = vec![FieldChange { field: "remote_id".into(), before, after }];
        log::lines(self, tx, edit, &[Line { device, fields, undo: None }]).await
    }
}

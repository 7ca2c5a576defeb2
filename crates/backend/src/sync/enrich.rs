//! What other reports tell of devices, read whole and joined by id: never a request per device.
//!
//! These sources are optional. When one fails, the run says so and goes on with what is held, so that nothing is blanked.

use super::pull::{self, Fetch};
use crate::{Error, Result, clock::time, runs::RunContext, sql};
use domain::{
    remote::{RemoteBackup, RemoteDevice, RemoteLogon, RemoteRole, RemoteUser},
    run::Phase,
};
use rmm::RmmClient;
use sea_orm::FromQueryResult;
use std::{collections::HashMap, sync::Arc};

/// Everything that is joined to devices.
#[derive(Default)]
pub struct Extras {
    roles: Source<RemoteRole>,
    users: Source<RemoteUser>,
    backups: Source<RemoteBackup>,
    logons: Source<RemoteLogon>,
    held: HashMap<String, Held>,
}

/// One source by its key, or `None` when it failed and what is held stands in.
type Source<T> = Option<HashMap<String, T>>;

#[derive(FromQueryResult)]
struct Held {
    remote_id: String,
    role: Option<String>,
    owner_uid: Option<String>,
    owner_name: Option<String>,
    owner_email: Option<String>,
    backup_cloud_bytes: Option<i64>,
    backup_local_bytes: Option<i64>,
    backup_total_bytes: Option<i64>,
    backup_last_success: Option<i64>,
    backup_last_failure: Option<i64>,
    last_user: Option<String>,
}

/// Reads every source.
pub async fn read(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<Extras> {
    let mut extras = Extras {
        roles: source(
            ctx,
            client,
            Phase::Roles,
            "device roles",
            |c, _| Box::pin(async move { c.roles().await }),
            |r| r.remote_id.clone(),
        )
        .await?,
        users: source(
            ctx,
            client,
            Phase::Users,
            "owners",
            |c, _| Box::pin(async move { c.users().await }),
            |u| u.uid.clone(),
        )
        .await?,
        backups: source(
            ctx,
            client,
            Phase::Backup,
            "backup usage",
            |c, at| Box::pin(async move { c.backups(&at).await }),
            |b| b.device_id.clone(),
        )
        .await?,
        logons: source(
            ctx,
            client,
            Phase::LoggedOnUsers,
            "logged-on users",
            |c, at| Box::pin(async move { c.logons(&at).await }),
            |l| l.device_id.clone(),
        )
        .await?,
        held: HashMap::new(),
    };
    if !extras.complete() {
        extras.held = held(ctx).await?;
    }
    Ok(extras)
}

/// Reads one source whole; refused credentials end the run, anything else costs a warning.
async fn source<T: Send + 'static>(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    phase: Phase,
    name: &str,
    fetch: Fetch<T>,
    key: fn(&T) -> String,
) -> Result<Source<T>> {
    ctx.phase(phase, None);
    let mut rows: HashMap<String, T> = HashMap::new();
    match pull::report(ctx, client, fetch, |row| drop(rows.insert(key(&row), row))).await {
        Ok(tally) => {
            ctx.prove(tally.evidence(name, i64::try_from(rows.len()).unwrap_or(i64::MAX)));
            Ok(Some(rows))
        }
        Err(Error::Vendor(error)) if !error.is_credentials() => {
            ctx.warn(format!(
                "NinjaOne's {name} could not be read: {error}. What was read before stays, and is older."
            ));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

async fn held(ctx: &RunContext) -> Result<HashMap<String, Held>> {
    let select = "SELECT d.remote_id, d.role, d.owner_uid, d.owner_name, d.owner_email, d.backup_cloud_bytes,
            d.backup_local_bytes, d.backup_total_bytes, d.backup_last_success, d.backup_last_failure, s.last_user
        FROM remote_devices d LEFT JOIN remote_device_status s
            ON s.integration_id = d.integration_id AND s.remote_id = d.remote_id
        WHERE d.integration_id = $1 AND d.tenant_id = $2";
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let rows: Vec<Held> = sql::all(ctx.db(), select, values).await?;
    Ok(rows.into_iter().map(|h| (h.remote_id.clone(), h)).collect())
}

impl Extras {
    fn complete(&self) -> bool {
        self.roles.is_some() && self.users.is_some() && self.backups.is_some() && self.logons.is_some()
    }

    /// Joins what the sources, or failing them what is held, tell of a device.
    pub fn join(&self, device: &mut RemoteDevice) {
        let held = self.held.get(&device.remote_id);
        self.join_role(device, held);
        self.join_owner(device, held);
        self.join_backup(device, held);
        self.join_logon(device, held);
    }

    fn join_role(&self, device: &mut RemoteDevice, held: Option<&Held>) {
        device.facts.role = match &self.roles {
            Some(roles) => device.role_id.as_ref().and_then(|id| roles.get(id)).map(|r| r.name.clone()),
            None => held.and_then(|h| h.role.clone()),
        };
    }

    fn join_owner(&self, device: &mut RemoteDevice, held: Option<&Held>) {
        let facts = &mut device.facts;
        let Some(uid) = &facts.owner_uid else { return };
        (facts.owner_name, facts.owner_email) = match &self.users {
            Some(users) => users.get(uid).map(|u| (u.name.clone(), u.email.clone())).unwrap_or_default(),
            None => held
                .filter(|h| h.owner_uid.as_ref() == Some(uid))
                .map(|h| (h.owner_name.clone(), h.owner_email.clone()))
                .unwrap_or_default(),
        };
    }

    fn join_backup(&self, device: &mut RemoteDevice, held: Option<&Held>) {
        let facts = &mut device.facts;
        match &self.backups {
            Some(backups) => {
                let Some(b) = backups.get(&device.remote_id) else { return };
                facts.backup_cloud_bytes = Some(b.cloud_bytes);
                facts.backup_local_bytes = Some(b.local_bytes);
                facts.backup_total_bytes = Some(b.total_bytes);
                (facts.backup_last_success, facts.backup_last_failure) = (b.last_success, b.last_failure);
            }
            None => {
                let Some(h) = held else { return };
                facts.backup_cloud_bytes = h.backup_cloud_bytes;
                facts.backup_local_bytes = h.backup_local_bytes;
                facts.backup_total_bytes = h.backup_total_bytes;
                facts.backup_last_success = h.backup_last_success.map(time);
                facts.backup_last_failure = h.backup_last_failure.map(time);
            }
        }
    }

    /// The report first, then the device's own row, then what is held.
    fn join_logon(&self, device: &mut RemoteDevice, held: Option<&Held>) {
        let reported = self.logons.as_ref().and_then(|l| l.get(&device.remote_id)).map(|l| l.user.clone());
        let last =
            reported.or_else(|| device.last_user.take()).or_else(|| held.and_then(|h| h.last_user.clone()));
        device.last_user = last;
    }
}

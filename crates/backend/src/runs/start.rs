//! Starting a run: the row first, in the same database as its job, then the job.

use super::{
    note::note_run,
    row::{RunRow, SELECT},
};
use crate::{
    Result, Tenant,
    clock::new_id,
    db::{self, Tx},
    sql,
    tenant::{Access, CanManage},
};
use domain::{
    audit::AuditAction,
    error::UserError,
    ids::{IntegrationId, QuestionId, RunId},
    import::ImportSelection,
    run::{Run, RunKind, StartedBy},
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

/// What an import run takes, as its row keeps it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Selection {
    /// What the user chose.
    Chosen(ImportSelection),
    /// Everything ready whose type has auto-sync on.
    Auto,
    /// What failed in an earlier import.
    FailedOf(RunId),
    /// What an earlier run held back.
    Held(QuestionId),
}

/// A run to be started.
#[derive(Clone)]
pub(crate) struct Request {
    pub integration: IntegrationId,
    pub kind: RunKind,
    pub by: StartedBy,
    /// JSON of a [`Selection`].
    pub selection: Option<String>,
    /// The run that this one tries again, and how many in a row did not complete.
    pub retry_of: Option<(RunId, i64)>,
}

impl Request {
    pub fn new(integration: IntegrationId, kind: RunKind, by: StartedBy) -> Self {
        Self { integration, kind, by, selection: None, retry_of: None }
    }
}

impl<A: CanManage> Tenant<A> {
    /// Starts a sync, or answers the one that runs.
    pub async fn start_run(&self, integration: IntegrationId, kind: RunKind) -> Result<Run> {
        match kind {
            RunKind::Import => {
                return Err(UserError::invalid("kind", "Start an import with imports/start.").into());
            }
            RunKind::Apply => {
                return Err(UserError::invalid("kind", "Held changes are applied with runs/decide.").into());
            }
            RunKind::Organizations | RunKind::Devices | RunKind::All | RunKind::Remap => {}
        }
        start(self, integration, kind, StartedBy::User, None).await
    }
}

/// Starts a run of `kind`, or answers the active one that holds its place.
pub(crate) async fn start<A: Access>(
    tenant: &Tenant<A>,
    integration: IntegrationId,
    kind: RunKind,
    by: StartedBy,
    selection: Option<String>,
) -> Result<Run> {
    Ok(request(tenant, Request { selection, ..Request::new(integration, kind, by) }).await?.0)
}

/// Like [`start`], and says whether the run is new.
pub(crate) async fn request<A: Access>(tenant: &Tenant<A>, wanted: Request) -> Result<(Run, bool)> {
    tenant.integration_exists(wanted.integration).await?;
    // Between a refused insert and the look at the active run, that one may end: try again then.
    for _ in 0..5 {
        if let Some(id) = queue(tenant, db::begin(tenant.db()).await?, &wanted).await? {
            return Ok((tenant.run(id).await?, true));
        }
        if let Some(run) = active(tenant, wanted.integration, wanted.kind).await? {
            return Ok((run, false));
        }
    }
    Err(UserError::conflict("Other runs started and ended at the same moment. Try again.").into())
}

/// Starts the run that a tick of the clock wants, unless another one holds its place; answers whether it did.
///
/// However often the tick is followed, by whatever clocks, an integration has one run of it: its row among the ticks comes with
/// the run.
pub(crate) async fn request_for_tick<A: Access>(
    tenant: &Tenant<A>,
    wanted: Request,
    tick: i64,
) -> Result<bool> {
    tenant.integration_exists(wanted.integration).await?;
    let tx = db::begin(tenant.db()).await?;
    let claim = "INSERT INTO schedule_ticks (schedule, tick_at, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let its = format!("{} {}", wanted.kind, wanted.integration);
    if sql::execute(&tx, claim, vec![its.into(), tick.into(), tenant.now().into()]).await? == 0 {
        return Ok(false);
    }
    Ok(queue(tenant, tx, &wanted).await?.is_some())
}

/// Inserts the queued row, says in the audit log who asked for it, and pushes the job; `None` when its place is taken.
async fn queue<A: Access>(tenant: &Tenant<A>, tx: Tx, wanted: &Request) -> Result<Option<RunId>> {
    let Some(id) = insert(&tx, tenant, wanted).await? else { return Ok(None) };
    stands_for_attempts(&tx, tenant, wanted).await?;
    note_started(tenant, &tx, wanted, id).await?;
    tx.commit().await?;
    tenant.portal().queue().hand_over(id, 0).await;
    Ok(Some(id))
}

/// Says in the audit log who asked for a run that is inserted in this transaction.
pub(crate) async fn note_started<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    wanted: &Request,
    id: RunId,
) -> Result<()> {
    let action = match wanted.kind {
        RunKind::Import => AuditAction::ImportStarted,
        RunKind::Apply => AuditAction::HeldChangesApplied,
        _ => AuditAction::RunStarted,
    };
    let details = json!({
        "kind": wanted.kind.as_str(), "started_by": wanted.by.as_str(),
        "retry_of": wanted.retry_of.map(|(run, _)| run.to_string()),
    });
    note_run(tenant, tx, action, (id, wanted.integration.0), details).await
}

/// Inserts the queued row with `db`, which may be a transaction that goes on; `None` when its place is taken. Whoever
/// commits it pushes the job (the sweep does so for those that did not get to it).
pub(crate) async fn insert<A: Access>(
    db: &impl ConnectionTrait,
    tenant: &Tenant<A>,
    wanted: &Request,
) -> Result<Option<RunId>> {
    let id = new_id();
    let Locks { organizations, devices, import, places } = locks(wanted.kind);
    let values = vec![
        id.into(),
        tenant.id().into(),
        wanted.integration.0.into(),
        wanted.kind.as_str().into(),
        wanted.by.as_str().into(),
        tenant.actor().map(|a| a.id.0).into(),
        tenant.actor().map(|a| a.name.clone()).into(),
        tenant.now().into(),
        wanted.selection.clone().into(),
        organizations.into(),
        devices.into(),
        import.into(),
        wanted.retry_of.map(|(run, _)| run.0).into(),
        wanted.retry_of.map_or(0, |(_, tries)| tries).into(),
        places.into(),
    ];
    let insert = "INSERT INTO runs (id, tenant_id, integration_id, kind, state, phase, done, added, changed, unchanged,
            missing, failed, requests, started_by, user_id, user_name, created_at, warnings, evidence, cancel_requested,
            selection, locks_organizations, locks_devices, locks_import, lease_until, attempt,
            retry_of, tries, locks_places)
        VALUES ($1, $2, $3, $4, 'queued', 'waiting', 0, 0, 0, 0, 0, 0, 0, $5, $6, $7, $8, '[]', '[]', FALSE,
            $9, $10, $11, $12, 0, 0, $13, $14, $15)
        ON CONFLICT DO NOTHING";
    Ok((sql::execute(db, insert, values).await? == 1).then(|| id.into()))
}

/// What earlier runs of its kind were to try again, this run does: they no longer promise a next attempt.
pub(crate) async fn stands_for_attempts<A: Access>(
    tx: &Tx,
    tenant: &Tenant<A>,
    wanted: &Request,
) -> Result<()> {
    let update = "UPDATE runs SET retry_at = NULL WHERE integration_id = $1 AND tenant_id = $2 AND retry_at IS NOT NULL
        AND (kind = $3 OR $3 = 'all' OR (kind = 'all' AND $3 = 'devices'))";
    let values = vec![wanted.integration.0.into(), tenant.id().into(), wanted.kind.as_str().into()];
    sql::execute(tx, update, values).await?;
    Ok(())
}

/// Places that one run at a time may hold.
#[derive(Default)]
struct Locks {
    organizations: bool,
    devices: bool,
    import: bool,
    places: bool,
}

fn locks(kind: RunKind) -> Locks {
    let none = Locks::default();
    match kind {
        RunKind::Organizations => Locks { organizations: true, ..none },
        RunKind::Devices => Locks { devices: true, ..none },
        // Both syncs would look at the same rows.
        RunKind::All | RunKind::Apply => Locks { organizations: true, devices: true, ..none },
        RunKind::Import => Locks { import: true, ..none },
        RunKind::Remap => Locks { places: true, ..none },
    }
}

/// The active run that holds a place that `kind` needs; the same kind first.
async fn active<A: Access>(
    tenant: &Tenant<A>,
    integration: IntegrationId,
    kind: RunKind,
) -> Result<Option<Run>> {
    let held = locks(kind);
    let places: Vec<&str> = [
        (held.organizations, "locks_organizations"),
        (held.devices, "locks_devices"),
        (held.import, "locks_import"),
        (held.places, "locks_places"),
    ]
    .into_iter()
    .filter_map(|(wanted, column)| wanted.then_some(column))
    .collect();
    let select = format!(
        "{SELECT} WHERE integration_id = $1 AND tenant_id = $2 AND state IN ('queued', 'running', 'paused') AND ({})
         ORDER BY CASE WHEN kind = $3 THEN 0 ELSE 1 END, created_at LIMIT 1",
        places.join(" OR ")
    );
    let values = vec![Uuid::from(integration).into(), tenant.id().into(), kind.as_str().into()];
    let row: Option<RunRow> = sql::one(tenant.db(), &select, values).await?;
    row.map(RunRow::view).transpose()
}

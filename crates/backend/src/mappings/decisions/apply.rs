//! Carrying out a decision: written, kept, and with the run that moves imported devices.

use super::{
    change::{self, Change},
    effects, log, rejections,
};
use crate::{
    Result, Tenant, imports,
    mappings::store::{self, LOCATIONS, State, Table, Writer},
    runs::{self, Request},
    sql,
    tenant::Access,
};
use domain::{
    decision::{DecisionKind, MappingSubject},
    ids::{DecisionId, RunId},
    mapping::MappingStatus,
    run::{RunKind, StartedBy},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// What a decision led to.
#[derive(Clone, Copy, Default)]
pub(in crate::mappings) struct Applied {
    pub undo: Option<DecisionId>,
    /// A run that was queued with it: to be pushed when the transaction is committed.
    pub run: Option<RunId>,
}

/// Writes `changes`, with what follows for locations of organizations, and keeps them as one decision. A user's `confirm`
/// is asked for where devices move or two organizations become one company.
pub(in crate::mappings) async fn apply<A: Access>(
    tenant: &Tenant<A>,
    tx: &impl ConnectionTrait,
    (table, writer): (Table, &Writer),
    kind: DecisionKind,
    mut changes: Vec<Change>,
    confirm: bool,
) -> Result<Applied> {
    if changes.is_empty() {
        return Ok(Applied::default());
    }
    if kind != DecisionKind::QuickMatch {
        change::judge(tx, table, writer, &mut changes).await?;
    }
    let changes: Vec<&Change> = changes.iter().collect();
    let following = carry_out(tx, (table, writer), &changes, confirm).await?;
    rejections::keep(tx, table, writer, &changes).await?;
    let telling: Vec<&Change> = changes.iter().copied().filter(|c| tells(kind, c)).collect();
    let mut undo = None;
    if !telling.is_empty() || !following.is_empty() {
        let decision = log::open(tx, table, writer, kind, telling.len()).await?;
        log::note(tx, table, writer, decision, &telling).await?;
        log::note(tx, LOCATIONS, writer, decision, &following.iter().collect::<Vec<_>>()).await?;
        undo = Some(decision);
    }
    let run = remap(tenant, tx, (table, writer), &changes).await?;
    Ok(Applied { undo, run })
}

/// Of Quick Match, what it mapped is kept to be taken back; its proposals are not.
fn tells(kind: DecisionKind, change: &Change) -> bool {
    kind != DecisionKind::QuickMatch || change.after.status == MappingStatus::Mapped
}

/// Writes changes and answers what follows for locations.
pub(super) async fn carry_out(
    tx: &impl ConnectionTrait,
    (table, writer): (Table, &Writer),
    changes: &[&Change],
    confirm: bool,
) -> Result<Vec<Change>> {
    let of_organizations = table.subject == MappingSubject::Organization;
    if of_organizations {
        effects::confirmed(tx, writer, changes, confirm).await?;
    }
    let rows: Vec<(&str, &State)> = changes.iter().map(|c| (c.remote_id.as_str(), &c.after)).collect();
    store::write(tx, table, writer, &rows).await?;
    if !of_organizations {
        return Ok(Vec::new());
    }
    let following = locations_elsewhere(tx, writer, changes).await?;
    let rows: Vec<(&str, &State)> = following.iter().map(|c| (c.remote_id.as_str(), &c.after)).collect();
    store::write(tx, LOCATIONS, writer, &rows).await?;
    Ok(following)
}

/// Mappings of the organizations' locations that point outside of the company now: they are taken back.
async fn locations_elsewhere(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    changes: &[&Change],
) -> Result<Vec<Change>> {
    #[derive(FromQueryResult)]
    struct Row {
        remote_id: String,
    }
    let moved: Vec<&str> = changes.iter().filter(|c| c.moves()).map(|c| c.remote_id.as_str()).collect();
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    let mut p = writer.owner();
    let select = format!(
        "SELECT m.remote_id FROM location_mappings m
         JOIN remote_locations r ON r.integration_id = m.integration_id AND r.remote_id = m.remote_id
         LEFT JOIN organization_mappings om ON om.integration_id = m.integration_id
            AND om.remote_id = r.organization_id AND om.status = 'mapped'
         LEFT JOIN locations l ON l.id = m.location_id AND l.tenant_id = m.tenant_id AND l.company_id = om.company_id
         WHERE m.tenant_id = $1 AND m.integration_id = $2 AND m.status IN ('mapped', 'pending') AND l.id IS NULL
            AND r.organization_id {} ORDER BY m.remote_id",
        sql::within(tx, &mut p, moved)
    );
    let rows: Vec<Row> = sql::all(tx, &select, p.0).await?;
    let mut before = store::states(tx, LOCATIONS, writer, rows.iter().map(|r| r.remote_id.as_str())).await?;
    let take_back = |row: &Row| {
        let before = before.remove(&row.remote_id)?;
        let after = State { user: writer.user, ..State::default() };
        Some(Change::plain(row.remote_id.clone(), before, after))
    };
    Ok(rows.iter().filter_map(take_back).collect())
}

/// Queues the run that puts imported devices where the mappings say now, if any are elsewhere. A run that is active
/// already looks again before it ends.
pub(super) async fn remap<A: Access>(
    tenant: &Tenant<A>,
    tx: &impl ConnectionTrait,
    (table, writer): (Table, &Writer),
    changes: &[&Change],
) -> Result<Option<RunId>> {
    let ids: Vec<&str> = changes.iter().filter(|c| c.moves()).map(|c| c.remote_id.as_str()).collect();
    let column = match table.subject {
        MappingSubject::Organization => "organization_id",
        MappingSubject::Location => "location_id",
    };
    if ids.is_empty()
        || !imports::any_elsewhere(tx, (writer.tenant, writer.integration), column, &ids).await?
    {
        return Ok(None);
    }
    queue_remap(tenant, tx, writer.integration).await
}

/// Queues a run of re-mapping; `None` when one is active.
pub(in crate::mappings) async fn queue_remap<A: Access>(
    tenant: &Tenant<A>,
    tx: &impl ConnectionTrait,
    integration: Uuid,
) -> Result<Option<RunId>> {
    let wanted = Request::new(integration.into(), RunKind::Remap, StartedBy::User);
    runs::insert(tx, tenant, &wanted).await
}

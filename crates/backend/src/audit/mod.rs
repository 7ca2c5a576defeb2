//! The audit log: per tenant a chain of events that only grows. Each event's hash covers the event and the hash before it, so
//! that one that was changed, removed or put in shows.

mod chain;
mod door;
mod event;
mod export;
mod list;
mod prune;
mod subject;
mod verify;

pub(crate) use chain::{What, append};
pub(crate) use door::{
    Known, note_asked, note_by_operator, note_created, note_second_factor_reset, note_user,
};
pub(crate) use prune::prune;
pub(crate) use subject::{Subject, name_of};
pub use verify::verify_all;

use crate::{
    Result, Tenant,
    db::{self, Tx},
    tenant::{Access, Actor, Origin},
};
use domain::audit::{AuditAction, AuditKind};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// How many things that were done at once an event names.
pub(crate) const MOST_NAMED: usize = 20;

/// Who did something, from where.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub user: Option<Uuid>,
    pub name: String,
    pub origin: Origin,
}

impl Who {
    /// Somebody who is no user: the portal itself, or a command of an operator.
    pub fn named(name: &str) -> Self {
        Self { user: None, name: name.to_owned(), origin: Origin::default() }
    }

    /// The acting user; without one, it is the portal itself.
    fn acting(actor: Option<&Actor>) -> Self {
        let Some(actor) = actor else { return Self::named("MSPortal") };
        let name = match &actor.token {
            Some(token) => format!("{} (API token {token})", actor.name),
            None => actor.name.clone(),
        };
        Self { user: Some(actor.id.0), name, origin: actor.origin.clone() }
    }
}

/// Adds what the acting user did to the log, in the transaction that does it. In: a small JSON object with what else is worth
/// knowing, never a secret.
///
/// It is the last statement before the commit: from here on, nobody else of the tenant can add an event.
pub(crate) async fn note<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    action: AuditAction,
    subject: Subject,
    details: Value,
) -> Result<()> {
    append(tx, tenant.id(), tenant.now(), &Who::acting(tenant.actor()), (action, subject, details)).await
}

/// The same of several things at once, each an event of its own.
pub(crate) async fn note_each<A: Access>(tenant: &Tenant<A>, tx: &Tx, all: Vec<What>) -> Result<()> {
    chain::append_each(tx, tenant.id(), tenant.now(), &Who::acting(tenant.actor()), all).await
}

/// Like [`note`], where nothing else is written.
pub(crate) async fn note_alone<A: Access>(
    tenant: &Tenant<A>,
    action: AuditAction,
    subject: Subject,
    details: Value,
) -> Result<()> {
    let tx = db::begin(tenant.db()).await?;
    note(tenant, &tx, action, subject, details).await?;
    Ok(tx.commit().await?)
}

/// The fields that are otherwise now, before and after, as details of an event.
pub(crate) fn difference(fields: &[(&str, Option<&str>, Option<&str>)]) -> Value {
    let changed = || fields.iter().filter(|(_, before, after)| before != after);
    let before: Map<String, Value> =
        changed().map(|(name, before, _)| (name.to_lowercase(), json!(before))).collect();
    let after: Map<String, Value> =
        changed().map(|(name, _, after)| (name.to_lowercase(), json!(after))).collect();
    json!({ "before": before, "after": after })
}

/// Somebody took data along as a file.
pub(crate) async fn note_file<A: Access>(tenant: &Tenant<A>, name: &str, details: Value) -> Result<()> {
    let file = Subject::named(AuditKind::File, name);
    note_alone(tenant, AuditAction::FileExported, file, details).await
}

//! What a decision changes, before and after.

use super::rejections;
use crate::{
    Result,
    mappings::store::{self, State, Table, Writer},
};
use domain::mapping::{MappedBy, MappingStatus};
use sea_orm::ConnectionTrait;
use std::collections::HashSet;
use uuid::Uuid;

/// A mapping that is to become another one.
pub(in crate::mappings) struct Wanted {
    pub remote_id: String,
    pub state: State,
    /// The company or location that was made for it.
    pub created: Option<Uuid>,
}

impl Wanted {
    pub fn new(remote_id: impl Into<String>, state: State) -> Self {
        Self { remote_id: remote_id.into(), state, created: None }
    }

    /// A row that is to be mapped to this target, by hand.
    pub fn mapped(writer: &Writer, remote_id: &str, target: Uuid) -> Self {
        Self::new(remote_id, State::decided(writer, MappingStatus::Mapped, Some(target), MappedBy::Manual))
    }
}

/// One mapping before and after a decision.
pub(in crate::mappings) struct Change {
    pub remote_id: String,
    pub before: State,
    pub after: State,
    pub created: Option<Uuid>,
    /// The target that is never to be proposed again, or may be again.
    pub rejected: Option<Uuid>,
    pub restored: Option<Uuid>,
}

impl Change {
    /// A change that says no to nothing.
    pub fn plain(remote_id: String, before: State, mut after: State) -> Self {
        after.version = before.version + 1;
        Self { remote_id, before, after, created: None, rejected: None, restored: None }
    }

    /// Whether the row is mapped elsewhere than before, or no longer.
    pub fn moves(&self) -> bool {
        self.before.mapped_to() != self.after.mapped_to()
    }
}

/// What is otherwise than it is now. Whoever calls it holds the lock of the mappings.
pub(in crate::mappings) async fn changes(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    wanted: Vec<Wanted>,
) -> Result<Vec<Change>> {
    let mut before = store::states(tx, table, writer, wanted.iter().map(|w| w.remote_id.as_str())).await?;
    let mut out = Vec::with_capacity(wanted.len());
    for Wanted { remote_id, state, created } in wanted {
        let before = before.remove(&remote_id).unwrap_or_default();
        if created.is_some() || differs(&before, &state) {
            out.push(Change { created, ..Change::plain(remote_id, before, state) });
        }
    }
    Ok(out)
}

fn differs(before: &State, after: &State) -> bool {
    !before.says(after)
        || (after.status == MappingStatus::Pending
            && (before.confidence, &before.reasons, before.runner_up, before.runner_up_confidence)
                != (after.confidence, &after.reasons, after.runner_up, after.runner_up_confidence))
}

/// Marks what a user says no to by taking it away, and what is taken up again.
pub(in crate::mappings) async fn judge(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    changes: &mut [Change],
) -> Result<()> {
    let ids = changes.iter().map(|c| c.remote_id.as_str());
    let known: HashSet<(String, Uuid)> = rejections::of(tx, table, writer, ids).await?;
    for change in changes {
        let is_known = |target: &Uuid| known.contains(&(change.remote_id.clone(), *target));
        let taken = change.before.target.filter(|_| change.after.status == MappingStatus::Unmapped);
        change.rejected = taken.filter(|t| !is_known(t));
        change.restored = change.after.mapped_to().filter(is_known);
    }
    Ok(())
}

/// How many of these are mapped now.
pub(in crate::mappings) fn mapped(changes: &[Change]) -> i64 {
    let mapped = changes.iter().filter(|c| c.after.status == MappingStatus::Mapped).count();
    i64::try_from(mapped).unwrap_or(i64::MAX)
}

//! What a decision asks of each row, before anything is written.

use super::change::Wanted;
use crate::{
    Error, Result,
    error::is_duplicate,
    mappings::store::{State, Table, Writer},
    sql::{self, Params},
};
use domain::{
    decision::{Decided, MAX_REMOTE_IDS, MAX_SKIPPED, MappingSelection, SkippedRow},
    error::UserError,
    mapping::{MappedBy, MappingStatus},
};
use sea_orm::ConnectionTrait;
use std::collections::HashSet;
use uuid::Uuid;

/// What becomes of the rows of a decision.
#[derive(Default)]
pub(in crate::mappings) struct Plan {
    pub wanted: Vec<Wanted>,
    skipped: Vec<(SkippedRow, UserError)>,
}

impl Plan {
    /// Leaves a row as it is, and why.
    pub fn skip(&mut self, remote_id: &str, name: &str, why: UserError) {
        let row = SkippedRow {
            remote_id: remote_id.to_owned(),
            name: name.to_owned(),
            reason: why.message.clone(),
        };
        self.skipped.push((row, why));
    }

    /// All of these rows in one status, by hand.
    pub fn all<'a>(
        writer: &Writer,
        ids: impl Iterator<Item = &'a str>,
        status: MappingStatus,
        target: Option<Uuid>,
    ) -> Self {
        let state = State::decided(writer, status, target, MappedBy::Manual);
        Self { wanted: ids.map(|id| Wanted::new(id, state.clone())).collect(), ..Self::default() }
    }

    /// Rows that were named and are not there.
    pub fn skip_unknown<'a>(&mut self, select: &MappingSelection, found: impl Iterator<Item = &'a str>) {
        let MappingSelection::RemoteIds(ids) = select else { return };
        let found: HashSet<&str> = found.collect();
        for id in ids.iter().filter(|id| !found.contains(id.as_str())) {
            self.skip(id, id, UserError::invalid("select", "It is no longer there."));
        }
    }

    /// Of a decision about one row: why it is left as it is, as an error.
    pub fn single(mut self) -> Result<Vec<Wanted>> {
        match self.skipped.pop() {
            Some((_, why)) => Err(Error::from(why)),
            None => Ok(self.wanted),
        }
    }

    /// What is wanted, and the answer to give once `changed` rows are written.
    pub fn split(self) -> (Vec<Wanted>, impl FnOnce(i64) -> Decided) {
        let Self { wanted, skipped } = self;
        let answer = move |changed| Decided {
            changed,
            skipped_count: i64::try_from(skipped.len()).unwrap_or(i64::MAX),
            skipped: skipped.into_iter().take(MAX_SKIPPED).map(|(row, _)| row).collect(),
            undo: None,
            run: None,
        };
        (wanted, answer)
    }
}

/// A selection that names something, and not too much.
pub(in crate::mappings) fn checked(select: &MappingSelection) -> Result<(), UserError> {
    match select {
        MappingSelection::RemoteIds(ids) if ids.is_empty() => {
            Err(UserError::invalid("select", "Select at least one row."))
        }
        MappingSelection::RemoteIds(ids) if ids.len() > MAX_REMOTE_IDS => Err(UserError::invalid(
            "select",
            format!("Name at most {MAX_REMOTE_IDS} rows, or select with a filter."),
        )),
        _ => Ok(()),
    }
}

/// A conflict when `version` is given and is not the row's.
pub(in crate::mappings) fn is_current(table: Table, version: Option<i64>, now: i64) -> Result<(), UserError> {
    if version.is_none_or(|v| v == now) {
        return Ok(());
    }
    Err(UserError::outdated(&format!("the mapping of this {}", table.noun)))
}

/// Inserts rows made for a decision. Their names were free a moment ago.
pub(in crate::mappings) async fn insert_new(
    tx: &impl ConnectionTrait,
    insert: &str,
    p: Params,
) -> Result<()> {
    match sql::execute(tx, insert, p.0).await {
        Ok(_) => Ok(()),
        Err(e) if is_duplicate(&e) => {
            let message = "Somebody created one of that name a moment ago. Try again.";
            Err(UserError { field: Some("choice".into()), ..UserError::conflict(message) }.into())
        }
        Err(e) => Err(e.into()),
    }
}

//! How far a run is, saved with the rows that it covers: where its next attempt goes on.

use crate::sync::Tally;
use domain::sync::{Key, Ledger};
use serde::{Deserialize, Serialize};

/// What an attempt of a run leaves to the next one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    /// Entities that were read to their end and whose missing rows are dealt with.
    #[serde(default)]
    pub closed: Vec<String>,
    /// Where the entity that was under way goes on.
    #[serde(default)]
    pub at: Option<Place>,
}

/// A place in an ordered list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub entity: String,
    /// All rows up to this id are saved.
    pub after: String,
    /// Held rows up to there that the list did not show.
    pub unseen: Vec<String>,
    pub distinct: i64,
    pub tally: Tally,
}

impl Place {
    /// The place behind a page with these ids; `None` for a page without any.
    pub fn after(entity: &str, ids: &[String], ledger: &Ledger, tally: &Tally) -> Option<Self> {
        let last = ids.iter().map(|id| Key::from(id.as_str())).max()?;
        Some(Self {
            entity: entity.to_owned(),
            after: last.to_string(),
            unseen: ledger.unseen_until(&last).iter().map(ToString::to_string).collect(),
            distinct: ledger.distinct(),
            tally: tally.clone(),
        })
    }
}

impl Checkpoint {
    /// Where `entity` goes on, if it was under way.
    pub fn place(&self, entity: &str) -> Option<&Place> {
        self.at.as_ref().filter(|place| place.entity == entity)
    }

    /// Whether `entity` is done.
    pub fn has_closed(&self, entity: &str) -> bool {
        self.closed.iter().any(|c| c == entity)
    }

    /// Notes that `entity` is done.
    pub fn close(&mut self, entity: &str) {
        self.at = None;
        if !self.has_closed(entity) {
            self.closed.push(entity.to_owned());
        }
    }
}

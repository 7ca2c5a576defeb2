//! An event as the database keeps it, and its hash.

use super::{Subject, Who};
use crate::{Error, Result, clock::time};
use domain::audit::{AuditAction, AuditDetail, AuditEvent};
use sea_orm::{FromQueryResult, Value};
use sha2::{Digest, Sha256};
use std::str::FromStr;
use uuid::Uuid;

pub(super) const COLUMNS: &str =
    "seq, at, user_id, actor, address, agent, action, kind, subject_id, subject, details, search_key, hash";

/// The hash before the first event.
pub(super) const BEGINNING: [u8; 32] = [0; 32];
/// Says how the hash is made; another way would have another word.
const MANNER: &[u8] = b"msportal-audit-1";
/// Longest name, address or agent that is kept, in characters.
const MOST: usize = 300;

/// A row of the log.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct EventRow {
    pub seq: i64,
    pub at: i64,
    pub user_id: Option<Uuid>,
    pub actor: String,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub action: String,
    pub kind: String,
    pub subject_id: Option<String>,
    pub subject: String,
    pub details: String,
    pub search_key: String,
    pub hash: Vec<u8>,
}

impl EventRow {
    /// A new event behind the one with the hash `before`.
    pub fn new(
        (tenant, seq, at): (Uuid, i64, i64),
        who: &Who,
        (action, subject, details): (AuditAction, Subject, serde_json::Value),
        before: &[u8],
    ) -> Self {
        let mut row = Self {
            seq,
            at,
            user_id: who.user,
            actor: kept(&who.name),
            address: who.origin.address.as_deref().map(kept),
            agent: who.origin.agent.as_deref().map(kept),
            action: action.as_str().to_owned(),
            kind: subject.kind.as_str().to_owned(),
            subject_id: subject.id.as_deref().map(kept),
            subject: kept(&subject.name),
            details: details.to_string(),
            search_key: String::new(),
            hash: Vec::new(),
        };
        row.search_key = row.searched();
        row.hash = row.digest(tenant, before);
        row
    }

    /// What a search looks at, in lower case.
    pub fn searched(&self) -> String {
        let parts = [self.actor.as_str(), &self.subject, self.address.as_deref().unwrap_or_default()];
        parts.join("\n").to_lowercase()
    }

    /// SHA-256 of the hash before and of every field: a byte that says whether there is a value, its length in eight bytes,
    /// the value itself. Nothing can be moved from one field into the next.
    pub fn digest(&self, tenant: Uuid, before: &[u8]) -> Vec<u8> {
        let text = |text: &str| Some(text.as_bytes().to_vec());
        let fields = [
            Some(tenant.as_bytes().to_vec()),
            Some(self.seq.to_be_bytes().to_vec()),
            Some(self.at.to_be_bytes().to_vec()),
            self.user_id.map(|id| id.as_bytes().to_vec()),
            text(&self.actor),
            self.address.as_deref().and_then(text),
            self.agent.as_deref().and_then(text),
            text(&self.action),
            text(&self.kind),
            self.subject_id.as_deref().and_then(text),
            text(&self.subject),
            text(&self.details),
        ];
        let mut hash = Sha256::new();
        hash.update(MANNER);
        hash.update(before);
        for field in fields {
            hash.update([u8::from(field.is_some())]);
            let value = field.unwrap_or_default();
            hash.update((value.len() as u64).to_be_bytes());
            hash.update(value);
        }
        hash.finalize().to_vec()
    }

    /// The values of [`COLUMNS`].
    pub fn values(self) -> Vec<Value> {
        vec![
            self.seq.into(),
            self.at.into(),
            self.user_id.into(),
            self.actor.into(),
            self.address.into(),
            self.agent.into(),
            self.action.into(),
            self.kind.into(),
            self.subject_id.into(),
            self.subject.into(),
            self.details.into(),
            self.search_key.into(),
            self.hash.into(),
        ]
    }

    /// The event as people read it.
    pub fn view(self) -> Result<AuditEvent> {
        Ok(AuditEvent {
            seq: self.seq,
            at: time(self.at),
            user_id: self.user_id.map(Into::into),
            actor: self.actor,
            address: self.address,
            agent: self.agent,
            action: FromStr::from_str(&self.action).map_err(Error::internal)?,
            kind: FromStr::from_str(&self.kind).map_err(Error::internal)?,
            subject_id: self.subject_id,
            subject: self.subject,
            details: details(&self.details)?,
            hash: hex(&self.hash),
        })
    }
}

fn details(json: &str) -> Result<Vec<AuditDetail>> {
    let value: serde_json::Value = serde_json::from_str(json).map_err(Error::internal)?;
    let serde_json::Value::Object(fields) = value else { return Ok(Vec::new()) };
    let said = fields.into_iter().filter_map(|(name, value)| match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(value) => Some(AuditDetail { name, value }),
        other => Some(AuditDetail { name, value: other.to_string() }),
    });
    Ok(said.collect())
}

/// A text without what PostgreSQL cannot hold, and not longer than anybody reads.
fn kept(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(MOST).collect()
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::audit::AuditKind;
    use serde_json::json;

    fn row(actor: &str, subject: &str) -> EventRow {
        let what = (AuditAction::ViewSaved, Subject::named(AuditKind::View, subject), json!({}));
        EventRow::new((Uuid::nil(), 1, 2), &Who::named(actor), what, &BEGINNING)
    }

    #[test]
    fn no_two_events_have_the_same_bytes() {
        let (a, b) = (row("ab", "c"), row("a", "bc"));
        assert_ne!(a.hash, b.hash);
        let empty = EventRow { address: Some(String::new()), ..a.clone() };
        assert_ne!(empty.digest(Uuid::nil(), &BEGINNING), a.hash);
        assert_ne!(a.digest(Uuid::nil(), &b.hash), a.hash);
        assert_ne!(a.digest(Uuid::max(), &BEGINNING), a.hash);
    }

    #[test]
    fn the_way_the_hash_is_made_stays() {
        // Chains that are stored somewhere must be found whole by later versions.
        assert_eq!(
            hex(&row("Sam", "Offline").hash),
            "4506f27bbee271e86bd4482567e62f8c517350fd6ac2f81606979f900a7f4bfc"
        );
    }

    #[test]
    fn what_no_database_holds_is_left_out() {
        assert_eq!(row("a\0b", &"x".repeat(1000)).subject.len(), MOST);
        assert_eq!(row("a\0b", "c").actor, "ab");
    }
}

//! Saying whether two devices are the same machine.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    db::{self, Tx},
    devices::edit::merge::{merge, unmerge},
    sql,
    tenant::CanManage,
};
use domain::{
    audit::{
        AuditAction::{self, DevicesMerged, DevicesUnmerged, DuplicatesProposedAgain, DuplicatesToldApart},
        AuditKind,
    },
    device_edit::DeviceField,
    duplicates::{DuplicatePair, DuplicateState},
    error::{ErrorKind, UserError},
    ids::{DeviceId, DuplicateId},
};
use sea_orm::FromQueryResult;
use serde_json::json;

/// What an un-merge wants.
#[derive(FromQueryResult)]
struct Kept {
    undo: Option<String>,
}

impl<A: CanManage> Tenant<A> {
    /// Remembers that a pair is two machines, so that it is not proposed again; `not_same: false` takes that back.
    pub async fn set_not_same(&self, id: DuplicateId, not_same: bool) -> Result<DuplicatePair> {
        let (from, to) = match not_same {
            true => (DuplicateState::Open, DuplicateState::NotSame),
            false => (DuplicateState::NotSame, DuplicateState::Open),
        };
        let before = self.duplicate(id).await?;
        let actor = self.actor().filter(|_| not_same);
        let update = "UPDATE duplicate_pairs SET state = $3, user_id = $4, user_name = $5, decided_at = $6
            WHERE tenant_id = $1 AND id = $2 AND state = $7";
        let values = vec![
            self.id().into(),
            id.0.into(),
            to.as_str().into(),
            actor.map(|a| a.id.0).into(),
            actor.map(|a| a.name.clone()).into(),
            not_same.then(|| self.now()).into(),
            from.as_str().into(),
        ];
        let tx = db::begin(self.db()).await?;
        let touched = sql::execute(&tx, update, values).await?;
        if touched > 0 {
            let action = if not_same { DuplicatesToldApart } else { DuplicatesProposedAgain };
            self.note_pair(&tx, action, &before).await?;
        }
        tx.commit().await?;
        let pair = self.duplicate(id).await?;
        if touched == 0 && pair.state != to {
            return Err(decided(&pair).into());
        }
        Ok(pair)
    }

    /// Merges a pair: `keep` stays, the other one is hidden behind it. Of the fields `take` the hidden one's values are
    /// taken over, those of `hold` stay as they are, whatever the sync says.
    pub async fn merge_duplicates(
        &self,
        id: DuplicateId,
        keep: DeviceId,
        take: Vec<DeviceField>,
        hold: Vec<DeviceField>,
    ) -> Result<DuplicatePair> {
        if take.contains(&DeviceField::Company) || hold.contains(&DeviceField::Company) {
            let message = "Both devices are of one company; choose other fields.";
            return Err(UserError::invalid("take", message).into());
        }
        let pair = self.duplicate(id).await?;
        let hidden = match keep {
            id if id == pair.left.id => pair.right.id.0,
            id if id == pair.right.id => pair.left.id.0,
            _ => {
                let message = "Choose one of the two devices of the pair.";
                let missing = UserError::new(ErrorKind::NotFound, message);
                return Err(UserError { field: Some("keep".into()), ..missing }.into());
            }
        };
        let tx = db::begin(self.db()).await?;
        self.take_pair(&tx, id, DuplicateState::Open, DuplicateState::Merged).await?;
        let hold: Vec<DeviceField> = hold.into_iter().filter(|field| !take.contains(field)).collect();
        let undo = merge(self, &tx, (keep.0, hidden), (&take, &hold)).await?;
        let note = "UPDATE duplicate_pairs SET hidden_id = $3, undo = $4 WHERE tenant_id = $1 AND id = $2";
        sql::execute(&tx, note, vec![self.id().into(), id.0.into(), hidden.into(), undo.into()]).await?;
        self.note_pair(&tx, DevicesMerged, &pair).await?;
        tx.commit().await?;
        self.duplicate(id).await
    }

    /// Takes a merge back: both devices are listed again, as they were.
    pub async fn unmerge_duplicates(&self, id: DuplicateId) -> Result<DuplicatePair> {
        let pair = self.duplicate(id).await?;
        let tx = db::begin(self.db()).await?;
        let undo = self.take_pair(&tx, id, DuplicateState::Merged, DuplicateState::Open).await?;
        unmerge(self, &tx, undo.as_deref().unwrap_or_default()).await?;
        let note =
            "UPDATE duplicate_pairs SET hidden_id = NULL, undo = NULL, user_id = NULL, user_name = NULL,
            decided_at = NULL WHERE tenant_id = $1 AND id = $2";
        sql::execute(&tx, note, vec![self.id().into(), id.0.into()]).await?;
        self.note_pair(&tx, DevicesUnmerged, &pair).await?;
        tx.commit().await?;
        self.duplicate(id).await
    }

    async fn note_pair(&self, tx: &Tx, action: AuditAction, pair: &DuplicatePair) -> Result<()> {
        let (left, right) = (&pair.left, &pair.right);
        let subject = Subject::named(AuditKind::Device, format!("{} and {}", left.name, right.name));
        let details =
            json!({ "company": pair.company.name, "devices": format!("{}, {}", left.id, right.id) });
        audit::note(self, tx, action, subject, details).await
    }

    /// Takes the row of a pair, so that of two at once the second is told; answers what an un-merge wants.
    async fn take_pair(
        &self,
        tx: &Tx,
        id: DuplicateId,
        from: DuplicateState,
        to: DuplicateState,
    ) -> Result<Option<String>> {
        let actor = self.actor();
        let take = "UPDATE duplicate_pairs SET state = $4, user_id = $5, user_name = $6, decided_at = $7
            WHERE tenant_id = $1 AND id = $2 AND state = $3";
        let values = vec![
            self.id().into(),
            id.0.into(),
            from.as_str().into(),
            to.as_str().into(),
            actor.map(|a| a.id.0).into(),
            actor.map(|a| a.name.clone()).into(),
            self.now().into(),
        ];
        if sql::execute(tx, take, values).await? == 0 {
            return Err(decided(&self.duplicate(id).await?).into());
        }
        let select = "SELECT undo FROM duplicate_pairs WHERE tenant_id = $1 AND id = $2";
        let kept: Option<Kept> = sql::one(tx, select, vec![self.id().into(), id.0.into()]).await?;
        Ok(kept.and_then(|k| k.undo))
    }
}

/// Somebody else was faster.
fn decided(pair: &DuplicatePair) -> UserError {
    let what = match pair.state {
        DuplicateState::Open => "was taken back",
        DuplicateState::NotSame => "was said to be two machines",
        DuplicateState::Merged => "was merged",
    };
    UserError::conflict(format!(
        "This pair {what} a moment ago. Reload to see it; nothing of yours was saved."
    ))
}

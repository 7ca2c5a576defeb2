//! The sessions of a user: which there are, and ending them.

use super::{IDLE, SECOND, Session, users::UserRow};
use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::time,
    db::{self, Tx},
    roles::{hold, within},
    sql,
    tenant::{Access, CanAdmin},
};
use domain::{
    audit::AuditAction,
    error::UserError,
    ids::{SessionId, UserId},
    session::SessionView,
    user_agent::client_words,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    created_at: i64,
    last_seen_at: i64,
    address: Option<String>,
    user_agent: Option<String>,
}

impl<A: Access> Tenant<A> {
    /// The sessions of who is signed in with `session`, the last used first.
    pub async fn my_sessions(&self, session: &Session) -> Result<Vec<SessionView>> {
        self.sessions(session.user_id, session).await
    }

    /// Ends one of the sessions of who is signed in with `session`.
    pub async fn revoke_my_session(&self, session: &Session, id: SessionId) -> Result<()> {
        let delete = "DELETE FROM sessions WHERE id = $1 AND tenant_id = $2 AND user_id = $3";
        let values = vec![id.0.into(), self.id().into(), session.user_id.0.into()];
        let tx = db::begin(self.db()).await?;
        ended(sql::execute(&tx, delete, values).await?)?;
        self.note_ended(&tx, session.user_id, 1).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of who is signed in with `session` but that one; answers how many.
    pub async fn revoke_my_others(&self, session: &Session) -> Result<i64> {
        self.revoke_all(db::begin(self.db()).await?, session.user_id, session).await
    }

    async fn sessions(&self, user: UserId, present: &Session) -> Result<Vec<SessionView>> {
        let now = self.now();
        let select = "SELECT id, created_at, last_seen_at, address, user_agent FROM sessions
            WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 AND last_seen_at > $4
            ORDER BY last_seen_at DESC, created_at DESC, id DESC";
        let values = vec![self.id().into(), user.0.into(), now.into(), (now - IDLE * SECOND).into()];
        let rows: Vec<Row> = sql::all(self.db(), select, values).await?;
        let view = |row: Row| SessionView {
            id: row.id.into(),
            created_at: time(row.created_at),
            last_used_at: time(row.last_seen_at),
            address: row.address,
            client: client_words(row.user_agent.as_deref().unwrap_or_default()),
            present: row.id == present.id.0,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    async fn revoke_all(&self, tx: Tx, user: UserId, present: &Session) -> Result<i64> {
        let delete = "DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2 AND id <> $3";
        let values = vec![self.id().into(), user.0.into(), present.id.0.into()];
        let ended = sql::execute(&tx, delete, values).await?;
        if ended > 0 {
            self.note_ended(&tx, user, ended).await?;
        }
        tx.commit().await?;
        Ok(i64::try_from(ended).unwrap_or(i64::MAX))
    }

    async fn note_ended(&self, tx: &Tx, user: UserId, sessions: u64) -> Result<()> {
        let name = audit::name_of(tx, self.id(), "users", user.0).await?;
        let (subject, details) = (Subject::user(user, &name), json!({ "sessions": sessions }));
        audit::note(self, tx, AuditAction::SessionsEnded, subject, details).await
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// The sessions of a user, as [`Tenant::my_sessions`].
    pub async fn sessions_of(&self, user: UserId, present: &Session) -> Result<Vec<SessionView>> {
        // Looked at last: whoever gets more rights meanwhile is out of reach.
        let sessions = self.sessions(user, present).await?;
        self.refuse_above(self.db(), user.0).await?;
        Ok(sessions)
    }

    /// Ends a session of anybody of the tenant.
    pub async fn revoke_session(&self, id: SessionId) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Whose {
            user_id: Uuid,
        }
        let delete = "DELETE FROM sessions WHERE id = $1 AND tenant_id = $2 RETURNING user_id";
        let tx = db::begin(self.db()).await?;
        hold(self, &tx).await?;
        let whose: Option<Whose> = sql::one(&tx, delete, vec![id.0.into(), self.id().into()]).await?;
        let whose = whose.ok_or_else(|| UserError::not_found("session"))?;
        self.refuse_above(&tx, whose.user_id).await?;
        self.note_ended(&tx, whose.user_id.into(), 1).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of a user but the one that asks; answers how many.
    pub async fn revoke_sessions_of(&self, user: UserId, present: &Session) -> Result<i64> {
        let tx = db::begin(self.db()).await?;
        hold(self, &tx).await?;
        self.refuse_above(&tx, user.0).await?;
        self.revoke_all(tx, user, present).await
    }

    /// Sessions of a user who may more than who asks are none of theirs.
    async fn refuse_above(&self, db: &impl ConnectionTrait, user: Uuid) -> Result<()> {
        let row = UserRow::by_id(db, self.id(), user).await?;
        Ok(within(self.actor(), &row.name, &row.permissions()?)?)
    }
}

fn ended(sessions: u64) -> Result<()> {
    if sessions == 0 { Err(UserError::not_found("session").into()) } else { Ok(()) }
}

//! Opening a session, finding it again, ending it.

use super::{
    IDLE, LIFETIME, SECOND, SECOND_FACTOR_MISSING, Session, SignedIn, TOUCH, Visitor, hash_token, new_token,
    users::UserRow,
};
use crate::{
    Portal, Result, audit,
    clock::new_id,
    db,
    roles::{HeldRow, JOIN, OF_USER},
    scope::Scope,
    sql,
    tenant::Origin,
};
use domain::audit::AuditAction;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct SessionRow {
    id: Uuid,
    tenant_id: Uuid,
    tenant_name: String,
    user_id: Uuid,
    user_name: String,
    email: String,
    #[sea_orm(nested)]
    role: HeldRow,
    restricted: bool,
    second_factor_missing: bool,
    last_seen_at: i64,
}

/// What a user may, as it is now.
#[derive(FromQueryResult)]
struct Allowed {
    #[sea_orm(nested)]
    role: HeldRow,
    restricted: bool,
}

impl Portal {
    /// Opens a session with a token of its own, in place of the one that the browser had.
    pub(crate) async fn open_session(
        &self,
        db: &impl ConnectionTrait,
        visitor: &Visitor,
        user: UserRow,
    ) -> Result<SignedIn> {
        let (token, now) = (new_token(), self.now_micros());
        sql::execute(db, "DELETE FROM sessions WHERE expires_at < $1", vec![now.into()]).await?;
        if let Some(before) = &visitor.session {
            let delete = "DELETE FROM sessions WHERE token_hash = $1";
            sql::execute(db, delete, vec![hash_token(before).into()]).await?;
        }
        let insert =
            "INSERT INTO sessions (id, token_hash, tenant_id, user_id, created_at, last_seen_at, expires_at,
                address, user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = vec![
            new_id().into(),
            hash_token(&token).into(),
            user.tenant_id.into(),
            user.id.into(),
            now.into(),
            now.into(),
            (now + LIFETIME * SECOND).into(),
            visitor.address_text().into(),
            visitor.agent_text().into(),
        ];
        sql::execute(db, insert, values).await?;
        let device_cookie = self.remember_device(db, visitor, user.id).await?;
        Ok(SignedIn { me: user.me()?, cookie: self.session_of(&token), device_cookie })
    }

    /// The session of a cookie's token, if it is valid now.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Session>> {
        let hash = hash_token(token);
        let now = self.now_micros();
        let select = format!(
            "SELECT s.id, s.tenant_id, t.name AS tenant_name, s.user_id, u.name AS user_name, u.email, {OF_USER}, u.restricted,
                s.last_seen_at, {SECOND_FACTOR_MISSING} AS second_factor_missing
             FROM sessions s JOIN users u ON u.id = s.user_id JOIN tenants t ON t.id = s.tenant_id {JOIN}
             WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.active"
        );
        let values = vec![hash.clone().into(), now.into(), (now - IDLE * SECOND).into()];
        let row: Option<SessionRow> = sql::one(self.db(), &select, values).await?;
        let Some(row) = row else { return Ok(None) };
        if now - row.last_seen_at > TOUCH * SECOND {
            let touch = "UPDATE sessions SET last_seen_at = $1 WHERE token_hash = $2";
            db::in_passing(self.db(), touch, vec![now.into(), hash.clone().into()]).await?;
        }
        let held = row.role.held()?;
        Ok(Some(Session {
            id: row.id.into(),
            token_hash: hash,
            tenant_id: row.tenant_id.into(),
            tenant_name: row.tenant_name,
            user_id: row.user_id.into(),
            user_name: row.user_name,
            email: row.email,
            role: held.role,
            role_name: held.name,
            permissions: held.permissions,
            scope: Scope::of(row.restricted.then_some(row.user_id)),
            second_factor_missing: row.second_factor_missing,
            token: None,
            origin: Origin::default(),
        }))
    }

    /// Whether a session, or the API token in its place, that was valid is so still and allows the same.
    pub async fn is_open(&self, session: &Session) -> Result<bool> {
        if session.token.is_some() {
            return self.is_token_valid(session).await;
        }
        let select = format!(
            "SELECT {OF_USER}, u.restricted FROM sessions s JOIN users u ON u.id = s.user_id JOIN tenants t ON t.id = s.tenant_id {JOIN}
             WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.active AND NOT {SECOND_FACTOR_MISSING}"
        );
        let now = self.now_micros();
        let values = vec![session.token_hash.clone().into(), now.into(), (now - IDLE * SECOND).into()];
        let Some(may) = sql::one::<Allowed>(self.db(), &select, values).await? else { return Ok(false) };
        let is_same = may.restricted == session.scope.is_some();
        Ok(is_same && may.role.held()?.permissions == session.permissions)
    }

    /// Ends a session.
    pub async fn sign_out(&self, session: &Session) -> Result<()> {
        let delete = "DELETE FROM sessions WHERE token_hash = $1";
        let tx = db::begin(self.db()).await?;
        if sql::execute(&tx, delete, vec![session.token_hash.clone().into()]).await? > 0 {
            let at = (&session.origin, self.now_micros());
            audit::note_user(&tx, at, &session.known(), AuditAction::SignedOut).await?;
        }
        Ok(tx.commit().await?)
    }
}

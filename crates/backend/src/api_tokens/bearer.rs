//! What a request's token stands for.

use crate::{
    Portal, Result, db,
    roles::{Held, HeldRow, JOIN, OF_USER},
    scope::Scope,
    session::{SECOND, SECOND_FACTOR_MISSING, Session, TOUCH, TokenUse, Visitor, hash_token},
    sql,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Bearer {
    id: Uuid,
    name: String,
    token_role: String,
    token_role_id: Option<Uuid>,
    token_role_name: Option<String>,
    token_permissions: Option<String>,
    tenant_id: Uuid,
    tenant_name: String,
    user_id: Uuid,
    user_name: String,
    email: String,
    #[sea_orm(nested)]
    role: HeldRow,
    second_factor_missing: bool,
    user_restricted: bool,
    token_restricted: bool,
    last_used_at: Option<i64>,
}

impl Bearer {
    /// The token of that hash, if it is good at a time.
    async fn find(db: &impl ConnectionTrait, hash: &[u8], now: i64) -> Result<Option<Self>> {
        let select = format!(
            "SELECT k.id, k.name, k.role AS token_role, k.role_id AS token_role_id, kr.name AS token_role_name,
                kr.permissions AS token_permissions, k.tenant_id, t.name AS tenant_name, k.user_id,
                u.name AS user_name, u.email, {OF_USER}, {SECOND_FACTOR_MISSING} AS second_factor_missing,
                u.restricted AS user_restricted,
                k.restricted AS token_restricted, k.last_used_at
            FROM api_tokens k JOIN users u ON u.id = k.user_id JOIN tenants t ON t.id = k.tenant_id {JOIN}
            LEFT JOIN roles kr ON kr.id = k.role_id AND kr.tenant_id = k.tenant_id
            WHERE k.token_hash = $1 AND k.expires_at > $2 AND u.active"
        );
        Ok(sql::one(db, &select, vec![hash.into(), now.into()]).await?)
    }

    /// What the token, its user or both are limited to.
    fn scope(&self) -> Option<Scope> {
        let limited = [(self.user_restricted, self.user_id), (self.token_restricted, self.id)];
        Scope::of(limited.into_iter().filter_map(|(limited, holder)| limited.then_some(holder)))
    }

    /// What both the token and its user may; it goes by the name of the smaller one.
    fn held(&self) -> Result<Held> {
        let user = self.role.clone().held()?;
        let token = HeldRow {
            role: self.token_role.clone(),
            role_id: self.token_role_id,
            role_name: self.token_role_name.clone(),
            role_permissions: self.token_permissions.clone(),
        };
        let token = token.held()?;
        let permissions = token.permissions.and(&user.permissions);
        let named = if token.permissions.include(&user.permissions) { user } else { token };
        Ok(Held { permissions, ..named })
    }
}

impl Portal {
    /// Whom the token of a request stands for, in place of a session: its user, with the smaller one of both roles. `None`
    /// for a token that is unknown, revoked or expired, and for one of a deactivated user.
    pub async fn authenticate_token(&self, token: &str, visitor: &Visitor) -> Result<Option<Session>> {
        let (hash, now) = (hash_token(token), self.now_micros());
        let Some(row) = Bearer::find(self.db(), &hash, now).await? else { return Ok(None) };
        if row.last_used_at.is_none_or(|last| now - last > TOUCH * SECOND) {
            let touch = "UPDATE api_tokens SET last_used_at = $1, last_address = $2 WHERE id = $3";
            let values = vec![now.into(), visitor.origin().address.into(), row.id.into()];
            db::in_passing(self.db(), touch, values).await?;
        }
        let (held, scope) = (row.held()?, row.scope());
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
            scope,
            second_factor_missing: row.second_factor_missing,
            token: Some(TokenUse { id: row.id.into(), name: row.name }),
            origin: visitor.origin(),
        }))
    }

    /// Whether the token that stands for a session is valid still and allows the same.
    pub(crate) async fn is_token_valid(&self, session: &Session) -> Result<bool> {
        let row = Bearer::find(self.db(), &session.token_hash, self.now_micros()).await?;
        let Some(row) = row else { return Ok(false) };
        Ok(!row.second_factor_missing
            && row.scope() == session.scope
            && row.held()?.permissions == session.permissions)
    }
}

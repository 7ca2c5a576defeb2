//! What a request's token stands for.

use crate::{
    Portal, Result,
    scope::Scope,
    session::{SECOND, Session, TOUCH, TokenUse, Visitor, hash_token, parse_role},
    sql,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Bearer {
    id: Uuid,
    name: String,
    token_role: String,
    tenant_id: Uuid,
    tenant_name: String,
    user_id: Uuid,
    user_name: String,
    email: String,
    role: String,
    user_restricted: bool,
    token_restricted: bool,
    last_used_at: Option<i64>,
}

const SELECT: &str =
    "SELECT k.id, k.name, k.role AS token_role, k.tenant_id, t.name AS tenant_name, k.user_id,
        u.name AS user_name, u.email, u.role, u.restricted AS user_restricted,
        k.restricted AS token_restricted, k.last_used_at
    FROM api_tokens k JOIN users u ON u.id = k.user_id JOIN tenants t ON t.id = k.tenant_id
    WHERE k.token_hash = $1 AND k.expires_at > $2 AND u.active";

impl Portal {
    /// Whom the token of a request stands for, in place of a session: its user, with the smaller one of both roles. `None`
    /// for a token that is unknown, revoked or expired, and for one of a deactivated user.
    pub async fn authenticate_token(&self, token: &str, visitor: &Visitor) -> Result<Option<Session>> {
        let (hash, now) = (hash_token(token), self.now_micros());
        let row: Option<Bearer> = sql::one(self.db(), SELECT, vec![hash.clone().into(), now.into()]).await?;
        let Some(row) = row else { return Ok(None) };
        if row.last_used_at.is_none_or(|last| now - last > TOUCH * SECOND) {
            let touch = "UPDATE api_tokens SET last_used_at = $1, last_address = $2 WHERE id = $3";
            let values = vec![now.into(), visitor.origin().address.into(), row.id.into()];
            sql::execute(self.db(), touch, values).await?;
        }
        let limited = [(row.user_restricted, row.user_id), (row.token_restricted, row.id)];
        let limited = limited.into_iter().filter_map(|(limited, holder)| limited.then_some(holder));
        let (least, role) = (parse_role(&row.token_role)?, parse_role(&row.role)?);
        Ok(Some(Session {
            id: row.id.into(),
            token_hash: hash,
            tenant_id: row.tenant_id.into(),
            tenant_name: row.tenant_name,
            user_id: row.user_id.into(),
            user_name: row.user_name,
            email: row.email,
            role: least.min(role),
            permissions: role.permissions().and(&least.permissions()),
            scope: Scope::of(limited),
            token: Some(TokenUse { id: row.id.into(), name: row.name }),
            origin: visitor.origin(),
        }))
    }

    /// Whether the token that stands for a session is valid still.
    pub(crate) async fn is_token_valid(&self, session: &Session) -> Result<bool> {
        let count = "SELECT count(*) AS n FROM api_tokens k JOIN users u ON u.id = k.user_id
            WHERE k.token_hash = $1 AND k.expires_at > $2 AND u.active";
        let values = vec![session.token_hash.clone().into(), self.now_micros().into()];
        Ok(sql::count(self.db(), count, values).await? > 0)
    }
}

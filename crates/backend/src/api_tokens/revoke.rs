//! Taking a token away.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    db::{self, Tx},
    roles::{HeldRow, JOIN, OF_USER, hold, within},
    scope::Holder,
    session::Session,
    sql,
    tenant::{Access, CanAdmin},
};
use domain::{audit::AuditAction, error::UserError, ids::ApiTokenId};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

#[derive(FromQueryResult)]
struct Gone {
    name: String,
    hint: String,
}

#[derive(FromQueryResult)]
struct Whose {
    name: String,
    #[sea_orm(nested)]
    role: HeldRow,
}

impl<A: Access> Tenant<A> {
    /// Takes away one of the tokens of who is signed in with `session`. It is worth nothing from then on.
    pub async fn revoke_my_api_token(&self, session: &Session, id: ApiTokenId) -> Result<()> {
        let tx = db::begin(self.db()).await?;
        self.revoke_where(tx, id, " AND user_id = $3", vec![session.user_id.0.into()]).await
    }

    async fn revoke_where(&self, tx: Tx, id: ApiTokenId, condition: &str, values: Vec<Value>) -> Result<()> {
        let delete = format!(
            "DELETE FROM api_tokens WHERE id = $1 AND tenant_id = $2{condition} RETURNING name, hint"
        );
        let values = [id.0.into(), self.id().into()].into_iter().chain(values).collect();
        let gone: Option<Gone> = sql::one(&tx, &delete, values).await?;
        let gone = gone.ok_or_else(|| UserError::not_found("API token"))?;
        Holder::api_token(id.0).forget(&tx).await?;
        let (subject, details) = (Subject::api_token(id, &gone.name), json!({ "ends with": gone.hint }));
        audit::note(self, &tx, AuditAction::ApiTokenRevoked, subject, details).await?;
        Ok(tx.commit().await?)
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// Takes away a token of anybody of the tenant.
    pub async fn revoke_api_token(&self, id: ApiTokenId) -> Result<()> {
        let select = format!(
            "SELECT u.name, {OF_USER} FROM api_tokens k JOIN users u ON u.id = k.user_id {JOIN}
            WHERE k.id = $1 AND k.tenant_id = $2"
        );
        let tx = db::begin(self.db()).await?;
        hold(self, &tx).await?;
        let whose: Option<Whose> = sql::one(&tx, &select, vec![id.0.into(), self.id().into()]).await?;
        let whose = whose.ok_or_else(|| UserError::not_found("API token"))?;
        within(self.actor(), &whose.name, &whose.role.held()?.permissions)?;
        self.revoke_where(tx, id, "", Vec::new()).await
    }
}

//! Which tokens there are.

use super::{Row, select};
use crate::{
    Result, Tenant,
    session::Session,
    sql,
    tenant::{Access, CanAdmin},
};
use domain::api_token::ApiToken;
use sea_orm::Value;

impl<A: Access> Tenant<A> {
    /// The tokens of who is signed in with `session`, the newest first; expired ones too.
    pub async fn my_api_tokens(&self, session: &Session) -> Result<Vec<ApiToken>> {
        self.tokens_where("k.tenant_id = $1 AND k.user_id = $2", vec![session.user_id.0.into()]).await
    }

    async fn tokens_where(&self, condition: &str, values: Vec<Value>) -> Result<Vec<ApiToken>> {
        let select = format!("{} WHERE {condition} ORDER BY k.created_at DESC, k.id DESC", select());
        let values = std::iter::once(self.id().into()).chain(values).collect();
        let rows: Vec<Row> = sql::all(self.db(), &select, values).await?;
        rows.into_iter().map(|row| row.view(self.now())).collect()
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// Everybody's tokens, as [`Tenant::my_api_tokens`].
    pub async fn all_api_tokens(&self) -> Result<Vec<ApiToken>> {
        self.tokens_where("k.tenant_id = $1", Vec::new()).await
    }
}

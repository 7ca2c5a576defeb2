//! Server functions of API tokens.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    api_token::{ApiToken, NewApiToken},
    ids::{ApiTokenId, CompanyId},
    roles::RoleRef,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `api_tokens/list`: the user's tokens, the newest first; an administrator sees everybody's.
#[server(prefix = "/api/v1", endpoint = "api_tokens/list", input = GetUrl, output = Json)]
pub async fn list_api_tokens() -> Result<Vec<ApiToken>, AppError> {
    use crate::ssr::*;
    Ok(match has(Area::Users, Level::Manage) {
        true => tenant::<Admin>(Area::Users).await?.all_api_tokens().await?,
        false => own()?.my_api_tokens(&present()?).await?,
    })
}

/// POST `api_tokens/create`: a new token that acts for the user, limited to `companies` if they are named. Only this answer has the token itself.
#[server(prefix = "/api/v1", endpoint = "api_tokens/create", input = JsonArgs, output = Json)]
pub async fn create_api_token(
    name: String,
    role: RoleRef,
    #[server(default)] expires_in_days: Option<u32>,
    #[server(default)] companies: Option<Vec<CompanyId>>,
) -> Result<NewApiToken, AppError> {
    use crate::ssr::*;
    let (tenant, present) = (own()?, present()?);
    Ok(tenant.create_api_token(&present, TokenInput { name, role, days: expires_in_days, companies }).await?)
}

/// POST `api_tokens/revoke`: takes one of the user's tokens away; an administrator may take away everybody's.
#[server(prefix = "/api/v1", endpoint = "api_tokens/revoke", input = JsonArgs, output = Json)]
pub async fn revoke_api_token(token_id: ApiTokenId) -> Result<(), AppError> {
    use crate::ssr::*;
    match has(Area::Users, Level::Manage) {
        true => tenant::<Admin>(Area::Users).await?.revoke_api_token(token_id).await?,
        false => own()?.revoke_my_api_token(&present()?, token_id).await?,
    }
    Ok(())
}

//! Server functions of set-up and sign-in.

use crate::{codec::JsonArgs, error::AppError};
use domain::session::{Me, PortalState};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `setup/state`: whether the portal exists yet.
#[server(prefix = "/api/v1", endpoint = "setup/state", input = GetUrl, output = Json)]
pub async fn load_portal_state() -> Result<PortalState, AppError> {
    use crate::ssr::*;
    Ok(portal()?.state().await?)
}

/// POST `setup/create_portal`: creates the portal and its owner, and signs the owner in; only while no portal exists.
#[server(prefix = "/api/v1", endpoint = "setup/create_portal", input = JsonArgs, output = Json)]
pub async fn create_portal(
    portal_name: String,
    name: String,
    email: String,
    password: String,
) -> Result<Me, AppError> {
    use crate::ssr::*;
    let signed_in = portal()?.create_portal(&origin(), &portal_name, &name, &email, &password).await?;
    Ok(remember(signed_in))
}

/// POST `session/sign_in`: signs in and sets the session cookie.
#[server(prefix = "/api/v1", endpoint = "session/sign_in", input = JsonArgs, output = Json)]
pub async fn sign_in(email: String, password: String) -> Result<Me, AppError> {
    use crate::ssr::*;
    let signed_in = portal()?.sign_in(&origin(), &email, &password).await?;
    Ok(remember(signed_in))
}

/// POST `session/sign_out`: ends the session.
#[server(prefix = "/api/v1", endpoint = "session/sign_out", input = JsonArgs, output = Json)]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::ssr::*;
    forget().await
}

/// GET `session/me`: who is signed in.
#[server(prefix = "/api/v1", endpoint = "session/me", input = GetUrl, output = Json)]
pub async fn load_me() -> Result<Me, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>().await?;
    Ok(tenant.me().await?)
}

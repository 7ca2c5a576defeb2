//! Server functions of set-up, sign-in and sessions.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    ids::{SessionId, UserId},
    session::{Me, PortalState, SecondFactor, SecondFactorSetup, SessionView},
};
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
    let signed_in = portal()?.create_portal(&visitor(), &portal_name, &name, &email, &password).await?;
    Ok(remember(signed_in))
}

/// POST `setup/sign_up`: a visitor creates a portal of their own and signs in, where the operator allows it and no mails are sent.
#[server(prefix = "/api/v1", endpoint = "setup/sign_up", input = JsonArgs, output = Json)]
pub async fn sign_up(
    portal_name: String,
    name: String,
    email: String,
    password: String,
) -> Result<Me, AppError> {
    use crate::ssr::*;
    let signed_in = portal()?.sign_up(&visitor(), &portal_name, &name, &email, &password).await?;
    Ok(remember(signed_in))
}

/// POST `setup/request_sign_up`: the same where mails are sent: a mail with a link that leads on, or, if the address has an
/// account, that says so; the same answer for both.
#[server(prefix = "/api/v1", endpoint = "setup/request_sign_up", input = JsonArgs, output = Json)]
pub async fn request_sign_up(portal_name: String, email: String) -> Result<(), AppError> {
    use crate::ssr::*;
    Ok(portal()?.request_sign_up(&visitor(), &portal_name, &email).await?)
}

/// POST `session/sign_in`: signs in and sets the session cookie. An error about `code` means that the password is right and
/// the code of the second factor is missing or wrong.
#[server(prefix = "/api/v1", endpoint = "session/sign_in", input = JsonArgs, output = Json)]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] code: Option<String>,
) -> Result<Me, AppError> {
    use crate::ssr::*;
    let signed_in = portal()?.sign_in(&visitor(), &email, &password, code.as_deref()).await?;
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
    Ok(who()?.me())
}

/// POST `session/change_password`: a new password; all sessions of the user end, and this one goes on with a new cookie.
#[server(prefix = "/api/v1", endpoint = "session/change_password", input = JsonArgs, output = Json)]
pub async fn change_password(current: String, new: String) -> Result<Me, AppError> {
    use crate::ssr::*;
    let signed_in = portal()?.change_password(&present()?, &visitor(), &current, &new).await?;
    Ok(remember(signed_in))
}

/// GET `session/list`: the user's sessions, the last used first; with `user_id`, an administrator sees those of another user.
#[server(prefix = "/api/v1", endpoint = "session/list", input = GetUrl, output = Json)]
pub async fn list_sessions(user_id: Option<UserId>) -> Result<Vec<SessionView>, AppError> {
    use crate::ssr::*;
    let present = present()?;
    Ok(match user_id {
        Some(user) => tenant::<Admin>(Area::Users).await?.sessions_of(user, &present).await?,
        None => own()?.my_sessions(&present).await?,
    })
}

/// POST `session/revoke`: ends one of the user's sessions; an administrator may end everybody's.
#[server(prefix = "/api/v1", endpoint = "session/revoke", input = JsonArgs, output = Json)]
pub async fn revoke_session(session_id: SessionId) -> Result<(), AppError> {
    use crate::ssr::*;
    match has(Area::Users, Level::Manage) {
        true => tenant::<Admin>(Area::Users).await?.revoke_session(session_id).await?,
        false => own()?.revoke_my_session(&present()?, session_id).await?,
    }
    Ok(())
}

/// POST `session/revoke_others`: ends all sessions of the user but this one; with `user_id`, an administrator ends those of
/// another user. Answers how many.
#[server(prefix = "/api/v1", endpoint = "session/revoke_others", input = JsonArgs, output = Json)]
pub async fn revoke_other_sessions(#[server(default)] user_id: Option<UserId>) -> Result<i64, AppError> {
    use crate::ssr::*;
    let present = present()?;
    Ok(match user_id {
        Some(user) => tenant::<Admin>(Area::Users).await?.revoke_sessions_of(user, &present).await?,
        None => own()?.revoke_my_others(&present).await?,
    })
}

/// GET `session/second_factor`: whether signing in takes a code of an authenticator app.
#[server(prefix = "/api/v1", endpoint = "session/second_factor", input = GetUrl, output = Json)]
pub async fn load_second_factor() -> Result<SecondFactor, AppError> {
    use crate::ssr::*;
    Ok(portal()?.second_factor(&present()?).await?)
}

/// POST `session/begin_second_factor`: a secret for an authenticator app; nothing changes until it is confirmed. Where the second
/// factor is on, another app takes the place of the present one, and it takes a code of that, or a recovery code.
#[server(prefix = "/api/v1", endpoint = "session/begin_second_factor", input = JsonArgs, output = Json)]
pub async fn begin_second_factor(
    password: String,
    #[server(default)] code: Option<String>,
) -> Result<SecondFactorSetup, AppError> {
    use crate::ssr::*;
    Ok(portal()?.begin_second_factor(&present()?, &password, code.as_deref()).await?)
}

/// POST `session/confirm_second_factor`: switches the second factor on, or goes on with another app, by a code of that app;
/// answers recovery codes, once.
#[server(prefix = "/api/v1", endpoint = "session/confirm_second_factor", input = JsonArgs, output = Json)]
pub async fn confirm_second_factor(code: String) -> Result<Vec<String>, AppError> {
    use crate::ssr::*;
    Ok(portal()?.confirm_second_factor(&present()?, &code).await?)
}

/// POST `session/new_recovery_codes`: recovery codes in place of the present ones, which are worth nothing then; shown once.
#[server(prefix = "/api/v1", endpoint = "session/new_recovery_codes", input = JsonArgs, output = Json)]
pub async fn new_recovery_codes(password: String, code: String) -> Result<Vec<String>, AppError> {
    use crate::ssr::*;
    Ok(portal()?.renew_recovery_codes(&present()?, &password, &code).await?)
}

/// POST `session/remove_second_factor`: switches the second factor off.
#[server(prefix = "/api/v1", endpoint = "session/remove_second_factor", input = JsonArgs, output = Json)]
pub async fn remove_second_factor(password: String, code: String) -> Result<(), AppError> {
    use crate::ssr::*;
    Ok(portal()?.remove_second_factor(&present()?, &password, &code).await?)
}

/// POST `session/reset_second_factor`: an administrator switches off the second factor of another user, who has lost app and
/// recovery codes. That user's sessions end.
#[server(prefix = "/api/v1", endpoint = "session/reset_second_factor", input = JsonArgs, output = Json)]
pub async fn reset_second_factor(user_id: UserId) -> Result<(), AppError> {
    use crate::ssr::*;
    Ok(tenant::<Admin>(Area::Users).await?.reset_second_factor(user_id, &present()?).await?)
}

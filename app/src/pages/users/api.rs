//! Server functions of users, invitations and links.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    ids::{CompanyId, InvitationId, UserId},
    page::Listing,
    roles::RoleRef,
    session::Me,
    users::{LinkState, Member, MemberState, UserCompanies, UserLink, UserRules},
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `users/list`: users and those who are invited.
#[server(prefix = "/api/v1", endpoint = "users/list", input = GetUrl, output = Json)]
pub async fn list_users(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    state: Option<MemberState>,
) -> Result<Listing<Member>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Users).await?;
    Ok(tenant.users(ListQuery { page, page_size, search, sort }, state).await?)
}

/// GET `users/rules`: whether everybody needs a second factor, and how many have none.
#[server(prefix = "/api/v1", endpoint = "users/rules", input = GetUrl, output = Json)]
pub async fn load_user_rules() -> Result<UserRules, AppError> {
    use crate::ssr::*;
    Ok(tenant::<Admin>(Area::Users).await?.user_rules().await?)
}

/// POST `users/require_second_factor`: wants one of everybody, or leaves it to them.
#[server(prefix = "/api/v1", endpoint = "users/require_second_factor", input = JsonArgs, output = Json)]
pub async fn require_second_factor(required: bool) -> Result<UserRules, AppError> {
    use crate::ssr::*;
    Ok(tenant::<Admin>(Area::Users).await?.require_second_factor(required, &present()?).await?)
}

/// POST `users/invite`: a link with which somebody becomes a user, limited to `companies` if they are named; mailed to them where
/// mails are sent. Again for the same address, a new link in its place.
#[server(prefix = "/api/v1", endpoint = "users/invite", input = JsonArgs, output = Json)]
pub async fn invite_user(
    email: String,
    role: RoleRef,
    #[server(default)] companies: Option<Vec<CompanyId>>,
) -> Result<UserLink, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.invite_user(&email, role, companies).await?)
}

/// POST `users/withdraw`: takes an invitation back.
#[server(prefix = "/api/v1", endpoint = "users/withdraw", input = JsonArgs, output = Json)]
pub async fn withdraw_invitation(invitation_id: InvitationId) -> Result<(), AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.withdraw_invitation(invitation_id).await?)
}

/// POST `users/set_role`: gives a user another role and ends their sessions.
#[server(prefix = "/api/v1", endpoint = "users/set_role", input = JsonArgs, output = Json)]
pub async fn set_user_role(
    user_id: UserId,
    role: RoleRef,
    #[server(default)] version: Option<i64>,
) -> Result<Member, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.set_user_role(user_id, role, version).await?)
}

/// GET `users/companies`: the companies that a user is limited to.
#[server(prefix = "/api/v1", endpoint = "users/companies", input = GetUrl, output = Json)]
pub async fn list_user_companies(user_id: UserId) -> Result<UserCompanies, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(UserCompanies { companies: tenant.user_companies(user_id).await? })
}

/// POST `users/set_companies`: limits a user to these companies, or without `companies` lets them see all.
#[server(prefix = "/api/v1", endpoint = "users/set_companies", input = JsonArgs, output = Json)]
pub async fn set_user_companies(
    user_id: UserId,
    #[server(default)] companies: Option<Vec<CompanyId>>,
    #[server(default)] version: Option<i64>,
) -> Result<Member, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.set_user_companies(user_id, companies, version).await?)
}

/// POST `users/deactivate`: shuts a user out, at once.
#[server(prefix = "/api/v1", endpoint = "users/deactivate", input = JsonArgs, output = Json)]
pub async fn deactivate_user(user_id: UserId) -> Result<Member, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.deactivate_user(user_id).await?)
}

/// POST `users/activate`: lets a user in again.
#[server(prefix = "/api/v1", endpoint = "users/activate", input = JsonArgs, output = Json)]
pub async fn activate_user(user_id: UserId) -> Result<Member, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.activate_user(user_id).await?)
}

/// POST `users/reset_password`: a link with which another user chooses a new password; mailed to them where mails are sent.
#[server(prefix = "/api/v1", endpoint = "users/reset_password", input = JsonArgs, output = Json)]
pub async fn reset_user_password(user_id: UserId) -> Result<UserLink, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.reset_user_password(user_id).await?)
}

/// POST `users/transfer_ownership`: hands the portal over to another administrator.
#[server(prefix = "/api/v1", endpoint = "users/transfer_ownership", input = JsonArgs, output = Json)]
pub async fn transfer_ownership(user_id: UserId) -> Result<(), AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.transfer_ownership(user_id).await?)
}

/// GET `users/link`: what a link is good for; the same refusal for all that are good for nothing.
#[server(prefix = "/api/v1", endpoint = "users/link", input = GetUrl, output = Json)]
pub async fn load_link(token: String) -> Result<LinkState, AppError> {
    use crate::ssr::*;
    Ok(portal()?.link_state(&visitor(), &token).await?)
}

/// POST `users/accept`: becomes a user by an invitation, or the owner of a new portal by the link of a sign-up, and signs in.
#[server(prefix = "/api/v1", endpoint = "users/accept", input = JsonArgs, output = Json)]
pub async fn accept_invitation(token: String, name: String, password: String) -> Result<Me, AppError> {
    use crate::ssr::*;
    let signed_in = portal()?.accept_invitation(&visitor(), &token, &name, &password).await?;
    Ok(remember(signed_in))
}

/// POST `users/forgot_password`: a mail with a link for a new password, if the address has an account; the same answer if not.
#[server(prefix = "/api/v1", endpoint = "users/forgot_password", input = JsonArgs, output = Json)]
pub async fn forgot_password(email: String) -> Result<(), AppError> {
    use crate::ssr::*;
    Ok(portal()?.forgot_password(&visitor(), &email).await?)
}

/// POST `users/choose_password`: a new password by a link; all sessions of the user end.
#[server(prefix = "/api/v1", endpoint = "users/choose_password", input = JsonArgs, output = Json)]
pub async fn choose_password(token: String, password: String) -> Result<(), AppError> {
    use crate::ssr::*;
    Ok(portal()?.choose_password(&visitor(), &token, &password).await?)
}

//! Server functions of roles.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    ids::RoleId,
    permissions::Permissions,
    roles::{RoleRef, RoleView},
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `roles/list`: those that every portal has, the smallest first; then the custom ones by name.
#[server(prefix = "/api/v1", endpoint = "roles/list", input = GetUrl, output = Json)]
pub async fn list_roles() -> Result<Vec<RoleView>, AppError> {
    use crate::ssr::*;
    Ok(tenant::<Read>(Area::Users).await?.roles().await?)
}

/// POST `roles/create`: a new role; nobody makes one that allows more than they have.
#[server(prefix = "/api/v1", endpoint = "roles/create", input = JsonArgs, output = Json)]
pub async fn create_role(
    name: String,
    #[server(default)] description: Option<String>,
    permissions: Permissions,
) -> Result<RoleView, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.create_role(RoleInput { name, description, permissions }).await?)
}

/// POST `roles/update`: changes a role for everybody who has it, at once.
#[server(prefix = "/api/v1", endpoint = "roles/update", input = JsonArgs, output = Json)]
pub async fn update_role(
    role_id: RoleId,
    name: String,
    #[server(default)] description: Option<String>,
    permissions: Permissions,
    #[server(default)] version: Option<i64>,
) -> Result<RoleView, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.update_role(role_id, RoleInput { name, description, permissions }, version).await?)
}

/// POST `roles/delete`: deletes a role; whoever has it gets the replacement.
#[server(prefix = "/api/v1", endpoint = "roles/delete", input = JsonArgs, output = Json)]
pub async fn delete_role(
    role_id: RoleId,
    #[server(default)] replacement: Option<RoleRef>,
) -> Result<(), AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Users).await?;
    Ok(tenant.delete_role(role_id, replacement).await?)
}

//! Server functions of saved views.

use crate::{codec::JsonArgs, error::AppError};
use domain::{ids::ViewId, view::SavedView};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `views/list`: the user's views of the list of devices, and the shared ones.
#[server(prefix = "/api/v1", endpoint = "views/list", input = GetUrl, output = Json)]
pub async fn list_views() -> Result<Vec<SavedView>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant.device_views().await?)
}

/// POST `views/save`: a new view, or with `view_id` another state of one. Shared ones need the role to manage.
#[server(prefix = "/api/v1", endpoint = "views/save", input = JsonArgs, output = Json)]
pub async fn save_view(
    name: String,
    query: String,
    #[server(default)] shared: Option<bool>,
    #[server(default)] view_id: Option<ViewId>,
    #[server(default)] version: Option<i64>,
) -> Result<SavedView, AppError> {
    use crate::ssr::*;
    let input = ViewInput { name, query, shared: shared.unwrap_or(false) };
    Ok(match (has(Area::Devices, Level::Manage), view_id) {
        (true, Some(id)) => {
            scoped::<Manage>(Area::Devices).await?.update_device_view(id, input, version).await?
        }
        (true, None) => scoped::<Manage>(Area::Devices).await?.create_device_view(input).await?,
        (false, Some(id)) => {
            scoped::<Read>(Area::Devices).await?.update_device_view(id, input, version).await?
        }
        (false, None) => scoped::<Read>(Area::Devices).await?.create_device_view(input).await?,
    })
}

/// POST `views/delete`: deletes a view. Shared ones need the role to manage.
#[server(prefix = "/api/v1", endpoint = "views/delete", input = JsonArgs, output = Json)]
pub async fn delete_view(view_id: ViewId) -> Result<(), AppError> {
    use crate::ssr::*;
    match has(Area::Devices, Level::Manage) {
        true => scoped::<Manage>(Area::Devices).await?.delete_device_view(view_id).await?,
        false => scoped::<Read>(Area::Devices).await?.delete_device_view(view_id).await?,
    }
    Ok(())
}

//! The integration that the address names.

use crate::{error::AppError, pages::integrations::api::get_integration};
use domain::{error::UserError, ids::IntegrationId, integration::Integration};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The integration of this page: its id, and what the server knows of it.
#[derive(Clone, Copy)]
pub struct Current {
    pub id: Memo<Option<IntegrationId>>,
    /// `None` where the address names no integration yet.
    pub data: Resource<Result<Option<Integration>, AppError>>,
}

impl Current {
    /// Reads `:id` of the route. Call it in a component under a route.
    pub fn from_url() -> Self {
        let params = use_params_map();
        let named = Memo::new(move |_| params.read().get("id"));
        let id = Memo::new(move |_| named.get().and_then(|id| id.parse().ok()));
        let data = Resource::new(move || (named.get().is_some(), id.get()), load);
        Self { id, data }
    }

    /// Reads it again; what is shown stays until the answer is there.
    pub fn reload(self) {
        self.data.refetch();
    }
}

async fn load((named, id): (bool, Option<IntegrationId>)) -> Result<Option<Integration>, AppError> {
    if !named {
        return Ok(None);
    }
    get_integration(required(id)?).await.map(Some)
}

/// The id, or the error that says that there is no such integration.
pub fn required(id: Option<IntegrationId>) -> Result<IntegrationId, AppError> {
    id.ok_or_else(|| UserError::not_found("integration").into())
}

//! `/healthz` and `/readyz`, for whatever starts processes and sends them requests.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::{
    Portal,
    db::{Schema, schema},
};
use serde_json::json;
use std::time::Duration;

/// The longest wait for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process is alive.
pub async fn alive() -> &'static str {
    "ok"
}

/// 200 when requests can be answered; else 503 with the reason.
pub async fn ready(State(portal): State<Portal>) -> Response {
    let (status, body) = match obstacle(&portal).await {
        None => (StatusCode::OK, json!({ "ready": true })),
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, json!({ "ready": false, "reason": reason })),
    };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

async fn obstacle(portal: &Portal) -> Option<&'static str> {
    if portal.stopping().is_cancelled() {
        return Some("The program is stopping.");
    }
    match tokio::time::timeout(PATIENCE, schema(portal.db())).await {
        Ok(Ok(Schema::Current)) => None,
        Ok(Ok(Schema::Older)) => Some("The database has an older schema than this program."),
        Ok(Ok(Schema::Newer)) => Some("The database has the schema of a newer program than this one."),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database answers with an error");
            Some("The database answers with an error.")
        }
        Err(_) => Some("The database did not answer within 2 seconds."),
    }
}

//! `/metrics`, on a listener of its own, and the count of what the router answers.

use crate::{cli::WatchArgs, doors, health};
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use backend::Portal;
use std::time::Instant;
use tokio::net::TcpListener;

/// Few ask for figures.
const LIMITS: doors::Limits = doors::Limits { connections: 64, ..doors::Limits::USUAL };

/// Counts a request under its route's declaration.
pub async fn count(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let (method, started) = (word(request.method()), Instant::now());
    let response = next.run(request).await;
    let route = route.as_ref().map_or("other", MatchedPath::as_str);
    portal.metrics().request(method, route, response.status().as_u16(), started.elapsed());
    response
}

/// Anybody can make up methods.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Listens for Prometheus until the portal stops, where the settings say so.
pub async fn listen(watch: &WatchArgs, portal: &Portal) -> Result<(), String> {
    let Some(address) = watch.metrics_listen else { return Ok(()) };
    let listener = TcpListener::bind(address)
        .await
        .map_err(|e| format!("cannot listen for metrics on {address}: {e}"))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    print_line!("metrics on http://{address}/metrics");
    let (app, stop) = (router(portal.clone()), portal.stopping().clone());
    tokio::spawn(doors::serve(listener, app, stop, LIMITS));
    Ok(())
}

/// What that listener answers.
pub fn router(portal: Portal) -> Router {
    Router::new()
        .route("/metrics", get(figures))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(portal)
}

async fn figures(State(portal): State<Portal>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    match portal.figures().await {
        Ok(text) => (kind, text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.into_user_error().message).into_response(),
    }
}

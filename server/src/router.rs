//! The router: server functions, pages, events, assets.

use crate::{api, assets, audit, auth, changes, device_list, events, health, logging, metrics, reports};
use app::{
    app,
    parts::{Parts, PartsFolder},
    shell,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use backend::Portal;
use domain::csv_import::MAX_BYTES;
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_to_stream_with_context};
use tower_http::{
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
    limit::RequestBodyLimitLayer,
    set_header::SetResponseHeaderLayer,
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::Level;

/// Largest accepted request body: a CSV file in a JSON text, with room for escapes.
const MAX_BODY: usize = MAX_BYTES * 2;

/// What handlers share.
#[derive(Clone, FromRef)]
pub struct AppState {
    pub portal: Portal,
    pub leptos_options: LeptosOptions,
}

impl AppState {
    /// The state of a server for `portal`.
    pub fn new(portal: Portal) -> Self {
        let leptos_options = LeptosOptions::builder().output_name("msportal").site_pkg_dir("pkg").build();
        Self { portal, leptos_options }
    }
}

/// Everything that answers.
pub fn router(state: AppState) -> Router {
    let context = {
        let (portal, folder) = (state.portal.clone(), assets::parts_folder().map(PartsFolder));
        move || {
            provide_context(portal.clone());
            if let Some(folder) = folder.clone() {
                provide_context(folder);
            }
        }
    };
    let page = {
        let options = state.leptos_options.clone();
        move || shell(options.clone())
    };
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/api/v1/runs/{id}/events", get(events::run))
        .route("/api/v1/runs/{id}/changes.csv", get(changes::csv))
        .route("/api/v1/reports/devices.csv", get(reports::devices))
        .route("/api/v1/reports/companies.csv", get(reports::companies))
        .route("/api/v1/devices/export.csv", get(device_list::csv))
        .route("/api/v1/audit/export.csv", get(audit::csv))
        .route("/api/v1/openapi.json", get(api::openapi))
        .leptos_routes_with_context(&state, generate_route_list(|| app(Parts::here())), context, page)
        .fallback(fallback)
        .layer(middleware::from_fn(api::check_query))
        .layer(middleware::from_fn_with_state(state.portal.clone(), auth::session))
        .layer(middleware::from_fn(auth::same_origin))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(compression())
        .layer(header_layer(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header_layer(header::REFERRER_POLICY, "same-origin"))
        .layer(header_layer(header::X_FRAME_OPTIONS, "DENY"))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(logging::request_span)
                .on_response(DefaultOnResponse::new().level(Level::DEBUG)),
        )
        .layer(middleware::from_fn_with_state(state.portal.clone(), metrics::count))
        .layer(middleware::from_fn(logging::request_id))
        .with_state(state)
}

fn header_layer(name: header::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// Compresses pages and JSON. Event streams pass as they are; wasm and scripts come packed from the build.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().gzip(true).compress_when(
        DefaultPredicate::new()
            .and(NotForContentType::const_new("application/octet-stream"))
            .and(NotForContentType::const_new("application/wasm"))
            .and(NotForContentType::const_new("text/event-stream")),
    )
}

/// An asset; else, for the API a JSON error, for a browser the page that says so.
async fn fallback(State(state): State<AppState>, request: Request) -> Response {
    if let Some(asset) = assets::find(request.uri(), request.headers()) {
        return asset;
    }
    if request.uri().path().starts_with("/api/") {
        let error = domain::error::UserError::new(
            domain::error::ErrorKind::NotFound,
            "There is no such endpoint. See /api/v1/openapi.json for what there is.",
        );
        return auth::refuse(error);
    }
    let (portal, options) = (state.portal.clone(), state.leptos_options.clone());
    let render = render_app_to_stream_with_context(
        move || provide_context(portal.clone()),
        move || shell(options.clone()),
    );
    let mut page = render(request).await.into_response();
    *page.status_mut() = StatusCode::NOT_FOUND;
    page
}

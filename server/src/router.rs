//! The router: server functions, pages, events, assets.

use crate::{
    api, assets, audit, auth, changes, cors, device_list, docs, etag, events, forms,
    headers::{self, Scheme},
    health, if_match, logging, metrics, once, panics,
    rate::Rate,
    refusals, reports, strangers, to_the_end,
};
use app::{
    app,
    parts::{Parts, PartsFolder},
    shell,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use backend::Portal;
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_to_stream_with_context};
use std::{sync::LazyLock, time::Duration};
use tower::util::option_layer;
use tower_http::{
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
    limit::RequestBodyLimitLayer,
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::Level;

/// Longest time until an answer begins: the largest body over a slow line, and the work on it.
pub const LONGEST: Duration = Duration::from_secs(300);

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
            headers::page_policy();
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
    let door = auth::Door { portal: state.portal.clone(), rate: Rate::new(state.portal.api_rate()) };
    let scheme = Scheme::of(&state.portal);
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/docs/api", get(docs::page))
        .route(forms::SIGN_IN, post(forms::sign_in))
        .route(forms::SIGN_OUT, post(forms::sign_out))
        .merge(files().into_iter().fold(Router::new(), |all, (path, file)| all.route(path, file)))
        .route("/api/v1/openapi.json", get(api::openapi))
        .leptos_routes_with_context(&state, pages().to_vec(), context, page)
        .fallback(fallback)
        .layer(middleware::from_fn(api::json_alone))
        .layer(middleware::from_fn(to_the_end::render))
        .layer(middleware::from_fn(etag::mark))
        .layer(middleware::from_fn(if_match::check))
        .layer(middleware::from_fn_with_state(state.portal.clone(), once::once))
        .layer(middleware::from_fn(api::check_query))
        .layer(middleware::from_fn_with_state(state.portal.clone(), strangers::small))
        .layer(middleware::from_fn_with_state(state.portal.clone(), refusals::note))
        .layer(middleware::from_fn_with_state(door, auth::session))
        .layer(middleware::from_fn(hurried))
        .layer(middleware::from_fn_with_state(state.portal.clone(), auth::same_origin))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(strangers::MAX_BODY))
        .layer(middleware::from_fn(strangers::bounded))
        .layer(compression())
        .layer(middleware::from_fn(in_time))
        .layer(option_layer(cors::layer(state.portal.cors_origins())))
        .layer(panics::layer())
        .layer(middleware::from_fn_with_state(scheme, headers::add))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(logging::request_span)
                .on_response(DefaultOnResponse::new().level(Level::DEBUG)),
        )
        .layer(middleware::from_fn_with_state(state.portal.clone(), metrics::count))
        .layer(middleware::from_fn(logging::request_id))
        .with_state(state)
}

/// Every page, with its address. They are listed once in a process, before the first of them is shown: while Leptos makes the list it
/// holds back what pages read, everywhere in the process, and one that is rendered just then would wait for ever.
pub fn pages() -> &'static [AxumRouteListing] {
    static PAGES: LazyLock<Vec<AxumRouteListing>> =
        LazyLock::new(|| generate_route_list(|| app(Parts::here())));
    &PAGES
}

/// What a tenant's data is sent by besides server functions and pages: each with its path.
pub fn files() -> [(&'static str, MethodRouter<AppState>); 6] {
    [
        ("/api/v1/runs/{id}/events", get(events::run)),
        ("/api/v1/runs/{id}/changes.csv", get(changes::csv)),
        ("/api/v1/reports/devices.csv", get(reports::devices)),
        ("/api/v1/reports/companies.csv", get(reports::companies)),
        ("/api/v1/devices/export.csv", get(device_list::csv)),
        ("/api/v1/audit/export.csv", get(audit::csv)),
    ]
}

/// A user waits for what a request writes, but not for another program that holds the database.
async fn hurried(request: Request, next: Next) -> Response {
    match request.method().is_safe() {
        true => backend::db::hurried_read(next.run(request)).await,
        false => backend::db::hurried(next.run(request)).await,
    }
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

/// Ends a request whose body does not come, or whose answer does not begin, in time. Answers that have begun go on.
async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            auth::refuse_with(StatusCode::REQUEST_TIMEOUT, "This took too long and was given up. Try again.")
        }
    }
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
        move || {
            headers::page_policy();
            provide_context(portal.clone());
        },
        move || shell(options.clone()),
    );
    let mut page = render(request).await.into_response();
    *page.status_mut() = StatusCode::NOT_FOUND;
    page
}

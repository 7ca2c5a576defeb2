//! Screens and server functions of MSPortal, shared by the server (feature `ssr`) and the browser (feature `hydrate`).
//!
//! [`shell`] is the HTML document around [`App`], which holds the routes. Each route is one component of [`pages`];
//! those of signed-in users stand inside [`layout::Frame`], which guards them. [`ui`] has the widgets.

pub mod codec;
pub mod error;
pub mod layout;
pub mod pages;
pub mod ssr;
pub mod ui;

use layout::{Frame, NotFound, THEME_SCRIPT};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use pages::{
    companies::{CompaniesPage, CompanyPage, ImportCsvPage},
    device_types::DeviceTypesPage,
    devices::{DevicePage, DevicesPage},
    home::HomePage,
    integrations::IntegrationsPage,
    runs::{RunPage, RunsPage},
    session::{SetupPage, SignInPage},
    wizard::{ConnectPage, ImportPage, LocationsPage, OrganizationsPage},
};

/// The HTML document: what stands before the first paint, and the scripts that hydrate [`App`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <script nonce=leptos::nonce::use_nonce() inner_html=THEME_SCRIPT></script>
                <link rel="stylesheet" href="/pkg/msportal.css" />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// All pages and what they share: titles, toasts, the clock.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    ui::toast::provide_toasts();
    ui::time::provide_clock();
    layout::provide_page_focus();
    mark_hydrated();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "MSPortal".to_owned() } else { format!("{title} - MSPortal") } />
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/companies") view=CompaniesPage ssr=SsrMode::Async />
                    <Route path=path!("/companies/import") view=ImportCsvPage ssr=SsrMode::Async />
                    <Route path=path!("/companies/:id") view=CompanyPage ssr=SsrMode::Async />
                    <Route path=path!("/device-types") view=DeviceTypesPage ssr=SsrMode::Async />
                    <Route path=path!("/devices") view=DevicesPage ssr=SsrMode::Async />
                    <Route path=path!("/devices/:id") view=DevicePage ssr=SsrMode::Async />
                    <Route path=path!("/settings/integrations") view=IntegrationsPage ssr=SsrMode::Async />
                    <Route path=path!("/integrations/new") view=ConnectPage ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/connect") view=ConnectPage ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/organizations") view=OrganizationsPage ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/locations") view=LocationsPage ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/devices") view=ImportPage ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/runs") view=RunsPage ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/runs/:run_id") view=RunPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
        <ui::toast::ToastRegion />
    }
}

/// Says on `<body>` that the page reacts now; tests wait for it.
fn mark_hydrated() {
    Effect::new(|_| {
        if let Some(body) = document().body() {
            _ = body.set_attribute("data-hydrated", "true");
        }
    });
}

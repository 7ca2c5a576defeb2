//! Screens and server functions of MSPortal, shared by the server (feature `ssr`) and the browser (feature `hydrate`).
//!
//! [`shell`] is the HTML document around [`App`], which holds the routes. Each route is one component of [`pages`];
//! those of signed-in users stand inside [`layout::Frame`], which guards them. [`ui`] has the widgets.

pub mod codec;
pub mod error;
pub mod layout;
pub mod pages;
pub mod parts;
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
    session::{ForgotPage, SetupPage, SignInPage, SignUpPage},
    users::LinkPage,
};
use parts::{
    Account, Audit, Companies, Company, Compliance, Connect, Csv, Device, Devices, Duplicates, Findings,
    History, Home, Import, Integrations, Mapping, PartHint, Parts, Reports, Run, Tokens, Users, Why,
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
                <PartHint />
                <MetaTags />
            </head>
            <body>
                <App parts=Parts::here() />
            </body>
        </html>
    }
}

/// [`App`] as a function. In: how its pages are made.
pub fn app(parts: Parts) -> impl IntoView {
    view! { <App parts /> }
}

/// All pages and what they share: titles, toasts, the clock.
#[component]
fn App(parts: Parts) -> impl IntoView {
    let p = parts;
    provide_meta_context();
    ui::toast::provide_toasts();
    ui::time::provide_clock();
    layout::provide_page_focus();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "MSPortal".to_owned() } else { format!("{title} - MSPortal") } />
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async />
                <Route path=path!("/forgot-password") view=ForgotPage ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/invite/:token") view=LinkPage ssr=SsrMode::Async />
                <Route path=path!("/reset/:token") view=LinkPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=p.home.page(Home::Page) ssr=SsrMode::Async />
                    <Route path=path!("/account") view=p.account.page(Account::Page) ssr=SsrMode::Async />
                    <Route path=path!("/companies") view=p.companies.page(Companies::List) ssr=SsrMode::Async />
                    <Route path=path!("/companies/import") view=p.csv.page(Csv::Page) ssr=SsrMode::Async />
                    <Route path=path!("/companies/:id") view=p.company.page(Company::Page) ssr=SsrMode::Async />
                    <Route path=path!("/locations/:id") view=p.company.page(Company::Location) ssr=SsrMode::Async />
                    <Route path=path!("/device-types") view=p.companies.page(Companies::Types) ssr=SsrMode::Async />
                    <Route path=path!("/devices") view=p.devices.page(Devices::List) ssr=SsrMode::Async />
                    <Route path=path!("/devices/edits") view=p.devices.page(Devices::Edits) ssr=SsrMode::Async />
                    <Route path=path!("/devices/:id") view=p.device.page(Device::Page) ssr=SsrMode::Async />
                    <Route path=path!("/reports") view=p.reports.page(Reports::Overview) ssr=SsrMode::Async />
                    <Route path=path!("/reports/companies") view=p.reports.page(Reports::Companies) ssr=SsrMode::Async />
                    <Route path=path!("/reports/companies/:id") view=p.findings.page(Findings::Company) ssr=SsrMode::Async />
                    <Route path=path!("/reports/devices") view=p.findings.page(Findings::Devices) ssr=SsrMode::Async />
                    <Route path=path!("/settings/tokens") view=p.tokens.page(Tokens::Page) ssr=SsrMode::Async />
                    <Route path=path!("/settings/audit") view=p.audit.page(Audit::Page) ssr=SsrMode::Async />
                    <Route path=path!("/settings/compliance") view=p.compliance.page(Compliance::Page) ssr=SsrMode::Async />
                    <Route path=path!("/settings/users") view=p.users.page(Users::Page) ssr=SsrMode::Async />
                    <Route path=path!("/settings/roles") view=p.users.page(Users::Roles) ssr=SsrMode::Async />
                    <Route path=path!("/duplicates") view=p.duplicates.page(Duplicates::List) ssr=SsrMode::Async />
                    <Route path=path!("/duplicates/:id") view=p.duplicates.page(Duplicates::Pair) ssr=SsrMode::Async />
                    <Route path=path!("/why") view=p.why.page(Why::Page) ssr=SsrMode::Async />
                    <Route path=path!("/settings/integrations") view=p.integrations.page(Integrations::Page) ssr=SsrMode::Async />
                    <Route path=path!("/settings/integrations/companies") view=p.mapping.page(Mapping::Links) ssr=SsrMode::Async />
                    <Route path=path!("/integrations/new") view=p.connect.page(Connect::Step) ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/connect") view=p.connect.page(Connect::Step) ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/organizations") view=p.mapping.page(Mapping::Organizations) ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/locations") view=p.mapping.page(Mapping::Locations) ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/devices") view=p.import.page(Import::Step) ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/runs") view=p.history.page(History::Page) ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id/runs/:run_id") view=p.run.page(Run::Page) ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
        <ui::toast::ToastRegion />
    }
}

/// A moment before something is tried again.
pub async fn pause() {
    gloo_timers::future::TimeoutFuture::new(2_000).await;
}

/// Says on `<body>` that the page reacts now, after its effects have run; tests wait for it.
pub async fn mark_hydrated() {
    gloo_timers::future::TimeoutFuture::new(0).await;
    if let Some(body) = document().body() {
        _ = body.set_attribute("data-hydrated", "true");
    }
}

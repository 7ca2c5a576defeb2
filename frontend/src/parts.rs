//! The parts of the program as modules of their own, which `cargo xtask build --release` splits off.

use app::parts::{
    Account, Audit, Companies, Company, Compliance, Connect, Csv, Device, Devices, Duplicates, Findings,
    History, Home, Import, Integrations, Mapping, Part, Parts, Reports, Run, Tokens, Users, Why,
};
use leptos::prelude::AnyView;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// Declares the function that makes the pages of each part; its code, and what only it needs, is the part's module.
macro_rules! split {
    ($($part:ident: $pages:ident, $load:ident;)+) => {
        $(
            #[wasm_split($part, fallible, preload($load))]
            fn $part(page: $pages) -> Result<AnyView, SplitLoaderError> {
                Ok(page.view())
            }
        )+

        /// All parts, each loaded when it is first needed.
        pub fn all() -> Parts {
            Parts {
                $($part: Part {
                    view: |page| Box::pin(async move { $part(page).await.ok() }),
                    load: || Box::pin(async { $load().await.is_ok() }),
                }),+
            }
        }
    };
}

split! {
    account: Account, load_account;
    tokens: Tokens, load_tokens;
    companies: Companies, load_companies;
    company: Company, load_company;
    csv: Csv, load_csv;
    devices: Devices, load_devices;
    device: Device, load_device;
    duplicates: Duplicates, load_duplicates;
    home: Home, load_home;
    integrations: Integrations, load_integrations;
    history: History, load_history;
    run: Run, load_run;
    connect: Connect, load_connect;
    mapping: Mapping, load_mapping;
    import: Import, load_import;
    reports: Reports, load_reports;
    findings: Findings, load_findings;
    compliance: Compliance, load_compliance;
    audit: Audit, load_audit;
    users: Users, load_users;
    why: Why, load_why;
}

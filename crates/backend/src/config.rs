//! What a portal is started with.

use crate::clock::{SharedClock, SystemClock};
use domain::session::{DemoAccount, DemoIntegration};
use std::{net::IpAddr, path::PathBuf, sync::Arc};

/// Settings of one process.
#[derive(Clone)]
pub struct Config {
    /// `sqlite:…` or `postgres://…`; `None` means a SQLite file in the data folder.
    pub database_url: Option<String>,
    /// Folder of the SQLite file and the keyring; made when absent.
    pub data_dir: PathBuf,
    /// `host:port` pairs that a custom base URL may reach although they are private, also over http.
    pub allow_private_hosts: Vec<String>,
    /// Set when the portal is a demo.
    pub demo: Option<Demo>,
    /// How politely vendors are asked.
    pub limits: rmm::Limits,
    /// Pages are reached over https: cookies are marked Secure.
    pub behind_tls: bool,
    /// What browsers are told about https holds for hosts below this one, too.
    pub hsts_subdomains: bool,
    /// Writes without an API token that do not say where they come from are refused, too.
    pub demand_origin: bool,
    /// Visitors may create tenants of their own.
    pub sign_up: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Requests a minute that one API token may make.
    pub api_rate: u32,
    /// Origins of other sites' pages that may call the API with a token, as browsers write them; `*` is every one.
    pub cors_origins: Vec<String>,
    /// How mails are sent; without it links are handed over by people.
    pub mail: Option<crate::mail::MailSettings>,
    /// Connections of the pool.
    pub max_connections: u32,
    /// Seconds after which the run of a silent worker is taken over; at least 1.
    pub lease_seconds: u32,
    /// Rows of devices that a sync saves in one transaction, at least; about ten full pages of NinjaOne's.
    pub batch_rows: usize,
    /// Days that the changes and results of runs are kept, and what merges of companies moved.
    pub keep_changes_days: u32,
    /// Days that the daily figures of companies are kept.
    pub keep_figures_days: u32,
    /// Days that events of the audit log are kept.
    pub keep_audit_days: u32,
    /// Master keys of the environment, apart from the one that seals: they only open.
    pub previous_master_keys: Vec<secrecy::SecretString>,
    pub clock: SharedClock,
}

impl Config {
    /// Defaults with everything in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            database_url: None,
            data_dir: data_dir.into(),
            allow_private_hosts: Vec::new(),
            demo: None,
            limits: rmm::Limits::default(),
            behind_tls: false,
            hsts_subdomains: false,
            demand_origin: false,
            sign_up: false,
            trusted_proxies: Vec::new(),
            api_rate: 600,
            cors_origins: Vec::new(),
            mail: None,
            max_connections: 16,
            lease_seconds: 20,
            batch_rows: 10_000,
            keep_changes_days: 180,
            keep_figures_days: 400,
            keep_audit_days: 730,
            previous_master_keys: Vec::new(),
            clock: Arc::new(SystemClock),
        }
    }

    pub(crate) fn lease_micros(&self) -> i64 {
        i64::from(self.lease_seconds.max(1)) * 1_000_000
    }

    /// The database to open.
    pub fn url(&self) -> String {
        let file = || format!("sqlite://{}?mode=rwc", self.data_dir.join("msportal.db").display());
        self.database_url.clone().unwrap_or_else(file)
    }

    /// Where the SQLite database would be, if there is none yet; `None` where there is one, and for other engines.
    pub fn missing_database(&self) -> Option<PathBuf> {
        crate::db::sqlite_file(&self.url()).filter(|file| !file.exists())
    }
}

/// What a demo shows on its pages.
#[derive(Clone, Debug)]
pub struct Demo {
    pub account: DemoAccount,
    pub integration: DemoIntegration,
}

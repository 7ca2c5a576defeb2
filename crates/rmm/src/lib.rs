//! RMM vendors over HTTP, read-only.
//!
//! This crate knows no database and no tenant. A [`Vendor`] describes itself and makes an [`RmmClient`]; the client reads
//! page by page and answers in the vendor-neutral types of `domain::remote`. Adding a vendor means one folder and one
//! line in [`vendors`].

mod error;
mod http;
pub mod ninjaone;

pub use error::RmmError;
pub use http::{
    base_url::{BaseUrl, tidy_base_url},
    policy::{NetworkPolicy, Reach},
};

use async_trait::async_trait;
use domain::{
    remote::{
        RemoteBackup, RemoteDevice, RemoteDeviceRef, RemoteLocation, RemoteLogon, RemoteOrganization,
        RemoteRole, RemoteUser,
    },
    vendor::VendorInfo,
};
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};
use url::Url;

/// Every vendor that can be connected.
pub fn vendors() -> Vec<Arc<dyn Vendor>> {
    vec![Arc::new(ninjaone::NinjaOne)]
}

/// The vendor of that key, such as `ninjaone`.
pub fn vendor(key: &str) -> Option<Arc<dyn Vendor>> {
    vendors().into_iter().find(|v| v.info().key == key)
}

/// A maker of clients.
pub trait Vendor: Send + Sync {
    /// Regions, credential fields, instructions and shape.
    fn info(&self) -> VendorInfo;

    /// A client for one account. Makes no request yet; fails when the base URL may not be reached.
    ///
    /// The client holds the token and the pace of its account: share one among all who read the account at a time.
    fn client(&self, account: Account) -> Result<Arc<dyn RmmClient>, RmmError>;
}

/// What is needed to talk to one account.
#[derive(Clone)]
pub struct Account {
    pub base_url: Url,
    pub client_id: SecretString,
    pub client_secret: SecretString,
    /// Which hosts may be reached.
    pub policy: NetworkPolicy,
    /// Told of every request and every pause.
    pub observer: Arc<dyn Observer>,
    pub limits: Limits,
}

/// How politely to ask.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests a second, on average, to one account; a short burst is allowed.
    pub requests_per_second: f64,
    /// Time for one whole request.
    pub timeout: Duration,
    /// Times a request is tried in all.
    pub attempts: u32,
    /// Longest pause before the next try; a longer Retry-After ends the request with [`RmmError::Throttled`].
    pub longest_pause: Duration,
    /// Rows a page is asked for.
    pub page_size: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_second: 20.0,
            timeout: Duration::from_secs(60),
            attempts: 5,
            longest_pause: Duration::from_secs(120),
            page_size: 1000,
        }
    }
}

/// Sees what a client does, to show it to the user. All methods must return at once.
pub trait Observer: Send + Sync {
    /// A request was sent.
    fn request(&self) {}
    /// The client waits `pause` before it goes on, for the reason given (a sentence without secrets).
    fn waiting(&self, _pause: Duration, _reason: &str) {}
    /// The client goes on after a pause.
    fn resumed(&self) {}
}

/// An observer that looks away.
pub struct Unobserved;
impl Observer for Unobserved {}

/// Where in a list the next page starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Position {
    #[default]
    Start,
    /// After this id; stays valid, so a run can resume here.
    After(String),
    /// A cursor that lives on the vendor's side; lost with the run.
    Cursor(String),
}

/// One page of rows.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Rows on the wire, before any was dropped or mapped.
    pub raw: usize,
    /// Ids on the wire in order (device ids for reports), to prove distinctness.
    pub ids: Vec<String>,
    /// Rows that were there but could not be read; their ids are in `ids` where at least those could.
    pub unreadable: usize,
    /// Where the next page starts; `None` when this was the last one.
    pub next: Option<Position>,
    /// How the end was recognised, when it was: "empty page", "last cursor", "whole list".
    pub ended: Option<&'static str>,
}

/// Reads one account, page by page. Every method can be asked again for the same position, except with a
/// [`Position::Cursor`]: after [`RmmError::ReportLost`] that report starts over.
#[async_trait]
pub trait RmmClient: Send + Sync {
    /// Proves the credentials with one token and one small read: how many organizations the first page shows.
    async fn probe(&self) -> Result<i64, RmmError>;
    async fn organizations(&self, at: &Position) -> Result<Page<RemoteOrganization>, RmmError>;
    async fn locations(&self, at: &Position) -> Result<Page<RemoteLocation>, RmmError>;
    /// The cheap device list, to count devices.
    async fn device_refs(&self, at: &Position) -> Result<Page<RemoteDeviceRef>, RmmError>;
    async fn devices(&self, at: &Position) -> Result<Page<RemoteDevice>, RmmError>;
    async fn roles(&self) -> Result<Page<RemoteRole>, RmmError>;
    async fn users(&self) -> Result<Page<RemoteUser>, RmmError>;
    async fn logons(&self, at: &Position) -> Result<Page<RemoteLogon>, RmmError>;
    async fn backups(&self, at: &Position) -> Result<Page<RemoteBackup>, RmmError>;
}

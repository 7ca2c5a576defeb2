//! RMM vendors over HTTP, read-only.
//!
//! This crate knows no database and no tenant. A [`Vendor`] describes itself and makes an [`RmmClient`]; the client reads
//! page by page and answers in the vendor-neutral types of `domain::remote`. Adding a vendor means one folder and one
//! line in [`vendors`].

mod device_row;
mod error;
mod http;
pub mod ninjaone;

pub use device_row::DeviceRow;
pub use error::RmmError;
pub use http::{
    base_url::{BaseUrl, tidy_base_url},
    pace::Pace,
    policy::{NetworkPolicy, Reach},
};

use async_trait::async_trait;
use domain::{
    device::LiveHardware,
    remote::{
        RemoteBackup, RemoteClues, RemoteDeviceRef, RemoteLocation, RemoteLogon, RemoteOrganization,
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
    /// Shared by everybody who reads this account; `None`: a pace of its own.
    pub pace: Option<Arc<Pace>>,
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
    /// Times it is tried while the vendor only asks to go slower: that is not giving up.
    pub throttled_attempts: u32,
    /// Longest pause of our own choice before the next try.
    pub longest_pause: Duration,
    /// Longest Retry-After that is kept; a longer one ends the request with [`RmmError::Throttled`].
    pub longest_wait: Duration,
    /// Repetitions after faults that a client may spend before it gives up; good answers earn them back, five to one.
    pub retry_budget: u32,
    /// Rows a page is asked for.
    pub page_size: u32,
    /// Pages of one list that are asked for at the same time, where the list allows it.
    pub in_flight: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_second: 20.0,
            timeout: Duration::from_secs(60),
            attempts: 5,
            throttled_attempts: 20,
            longest_pause: Duration::from_secs(120),
            longest_wait: Duration::from_secs(900),
            retry_budget: 30,
            page_size: 1000,
            in_flight: 4,
        }
    }
}

/// Sees what a client does, to show it to the user. All methods must return at once.
pub trait Observer: Send + Sync {
    /// A request was sent.
    fn request(&self) {}
    /// A request has ended after `took`; `outcome` is one of a few words.
    fn answered(&self, _outcome: &'static str, _took: Duration) {}
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
    /// Whether a list that is read on behind its largest id came in the order of its ids. Where it did not, rows may lie
    /// between those that were seen.
    pub ordered: bool,
    /// Rows that were there but could not be read; their ids are in `ids` where at least those could.
    pub lost: Vec<Lost>,
    /// Where the next page starts; `None` when this was the last one.
    pub next: Option<Position>,
    /// How the end was recognised, when it was: "empty page", "last cursor", "whole list".
    pub ended: Option<&'static str>,
}

/// Ids that [`RmmClient::devices_named`] takes at a time.
pub const MOST_NAMED: usize = 200;

/// Whether a device is managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// In the lists.
    Approved,
    /// Waiting for approval: not in the lists.
    Pending,
    /// Retired, its record kept: not in the lists.
    Decommissioned,
}

/// One device as the vendor itself tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct RawRow {
    /// Field by field.
    pub fields: serde_json::Map<String, serde_json::Value>,
    /// What these say of its hardware.
    pub hardware: LiveHardware,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The vendor's id, if at least that could be read.
    pub id: Option<String>,
    /// Where reading stopped, without the row's content.
    pub reason: String,
}

/// Reads one account, page by page. Every method can be asked again for the same position, except with a
/// [`Position::Cursor`]: after [`RmmError::ReportLost`] that report starts over.
#[async_trait]
pub trait RmmClient: Send + Sync {
    /// Proves the credentials with one token and one small read: how many organizations the first page shows.
    async fn probe(&self) -> Result<i64, RmmError>;
    async fn organizations(&self, at: &Position) -> Result<Page<RemoteOrganization>, RmmError>;
    /// Whose an organization is, as far as its custom fields tell.
    async fn organization_clues(&self, at: &Position) -> Result<Page<RemoteClues>, RmmError>;
    /// The same of one organization. Asked where the report is in doubt.
    async fn clues_of(&self, organization: &str) -> Result<Option<String>, RmmError>;
    async fn locations(&self, at: &Position) -> Result<Page<RemoteLocation>, RmmError>;
    /// The cheap device list, to count devices.
    async fn device_refs(&self, at: &Position) -> Result<Page<RemoteDeviceRef>, RmmError>;
    async fn devices(&self, at: &Position) -> Result<Page<DeviceRow>, RmmError>;
    /// Which of these devices the vendor has in that state, asked by id: the proof that a device is really gone. At most
    /// [`MOST_NAMED`] ids.
    async fn devices_named(&self, ids: &[String], state: DeviceState) -> Result<Vec<String>, RmmError>;
    /// One device as the vendor itself tells it, field by field; `None` when it has none of that id. For people who want to see it.
    async fn raw_device(&self, id: &str) -> Result<Option<RawRow>, RmmError>;
    /// The ids of an organization's locations; `None` when there is no such organization. Asked where a list is in doubt.
    async fn locations_of(&self, organization: &str) -> Result<Option<Vec<String>>, RmmError>;
    async fn roles(&self) -> Result<Page<RemoteRole>, RmmError>;
    async fn users(&self) -> Result<Page<RemoteUser>, RmmError>;
    async fn logons(&self, at: &Position) -> Result<Page<RemoteLogon>, RmmError>;
    async fn backups(&self, at: &Position) -> Result<Page<RemoteBackup>, RmmError>;
}

//! A simulator with a client, and loops that read everything.

use rmm::{
    Account, Limits, NetworkPolicy, Observer, Page, Position, RmmClient, RmmError, Vendor, ninjaone::NinjaOne,
};
use simulator::{Control, FleetSpec, Simulator};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

/// Remembers what a user would be told.
#[derive(Default)]
pub struct Told(pub Mutex<Vec<(Duration, String)>>);

impl Observer for Told {
    fn waiting(&self, pause: Duration, reason: &str) {
        self.0.lock().unwrap().push((pause, reason.to_owned()));
    }
}

pub struct Bench {
    pub simulator: Simulator,
    pub told: Arc<Told>,
    pub account: Account,
    pub client: Arc<dyn RmmClient>,
}

impl Bench {
    /// A fleet of so many devices, read 10 rows a page.
    pub async fn start(devices: u32) -> Self {
        Self::with(devices, |_| {}).await
    }

    pub async fn with(devices: u32, change: impl FnOnce(&mut Account)) -> Self {
        let simulator = Simulator::start(FleetSpec { devices, ..FleetSpec::default() }).await;
        let told = Arc::new(Told::default());
        let mut account = Account {
            base_url: simulator.base_url.parse().unwrap(),
            client_id: simulator.client_id().to_owned().into(),
            client_secret: simulator.client_secret().to_owned().into(),
            policy: NetworkPolicy::allowing(&[simulator.host_port()]),
            observer: told.clone(),
            limits: Limits {
                requests_per_second: 10_000.0,
                timeout: Duration::from_secs(2),
                attempts: 4,
                throttled_attempts: 4,
                longest_pause: Duration::from_secs(3),
                longest_wait: Duration::from_secs(3),
                page_size: 10,
                ..Limits::default()
            },
            pace: None,
        };
        change(&mut account);
        let client = NinjaOne.client(account.clone()).unwrap();
        Self { simulator, told, account, client }
    }

    pub fn control(&self) -> Control {
        self.simulator.control()
    }

    /// Another client for the same account, with its own token.
    pub fn fresh(&self) -> Arc<dyn RmmClient> {
        NinjaOne.client(self.account.clone()).unwrap()
    }

    /// The ids that the device list should show.
    pub fn expected(&self) -> Vec<String> {
        self.control().approved_device_ids().iter().map(ToString::to_string).collect()
    }

    pub fn sentences(&self) -> Vec<String> {
        self.told.0.lock().unwrap().iter().map(|(_, sentence)| sentence.clone()).collect()
    }
}

/// What was read from the start to the proven end.
pub struct All<T> {
    pub rows: Vec<T>,
    pub ended: &'static str,
    pub pages: usize,
}

/// Reads pages until the end: `all!(client, devices)`.
macro_rules! all {
    ($client:expr, $method:ident) => {{
        let mut at = rmm::Position::Start;
        let mut pages = Vec::new();
        loop {
            match $client.$method(&at).await {
                Ok(page) => {
                    let next = page.next.clone();
                    pages.push(page);
                    match next {
                        Some(next) => at = next,
                        None => break $crate::support::joined(pages),
                    }
                }
                Err(error) => break Err(error),
            }
        }
    }};
}
pub(crate) use all;

pub fn joined<T>(pages: Vec<Page<T>>) -> Result<All<T>, RmmError> {
    let count = pages.len();
    let ended = pages.last().and_then(|p| p.ended).expect("an end that says how it was recognised");
    let moved = |p: &Page<T>| matches!(p.next, Some(Position::After(_) | Position::Cursor(_)));
    assert!(pages[..count - 1].iter().all(|p| moved(p) && p.ended.is_none()));
    assert!(pages.iter().all(|p| p.lost.is_empty() && p.ids.len() == p.raw));
    Ok(All { rows: pages.into_iter().flat_map(|p| p.rows).collect(), ended, pages: count })
}

//! A NinjaOne that runs on this machine.
//!
//! The simulator speaks the read side of NinjaOne's public API v2 over HTTP: OAuth client credentials, entity lists
//! paged by `after`, reports paged by server-side cursors, the device filter, activities. It invents a fleet of any
//! size from a seed, changes it by scripts, and fails on request in every way the real one is known to fail. It is a
//! test double for programs that talk to NinjaOne: they never learn that it is not the real one.
//!
//! ```no_run
//! # async fn example() {
//! use simulator::{Fault, FaultKind, FleetSpec, Simulator};
//!
//! let simulator = Simulator::start(FleetSpec { devices: 500, ..FleetSpec::default() }).await;
//! let control = simulator.control();
//! control.inject(Fault::once("/v2/devices-detailed", FaultKind::Reset).after(2));
//! control.rename_organization(2, "New Name Ltd");
//! // ... point a client at simulator.base_url ...
//! assert_eq!(control.token_requests(), 0);
//! simulator.shutdown().await;
//! # }
//! ```
//!
//! # What it is made of
//!
//! * [`FleetSpec`] says what to invent; [`demo_companies`] are the companies that go with [`FleetSpec::demo`].
//! * [`Simulator`] is the running server. [`Control`] is the handle on it: scripts, faults, switches, counters.
//! * [`Fault`] is one failure at one place; [`Behaviour`] are lasting properties of the server.
//! * [`Behaviour::keep_pages`] makes every page once and sends its bytes again: for measuring clients.
//! * Other processes use `POST /_sim/<script>` and `GET /_sim/state`, which mirror [`Control`].
//!
//! # What is known and what is guessed
//!
//! Comments that begin with "NinjaOne:" state what is documented or was seen live by someone who published it. Where
//! sources disagree or say nothing, a switch of [`Behaviour`] offers the readings, or the comment says that the answer
//! is a guess. Nothing here was tried against a live tenant.
//!
//! * Times are printed as epoch seconds with nine decimals; null keys are left out, except in user rows.
//! * A page size that is not asked for is 100 for lists, 1,000 for reports (10,000 for backup jobs).
//! * Smaller pages than the documented minimum are served, so that tests can page through small fleets.
//! * An expired or unknown cursor is answered with 400.
//! * `group` in a device filter picks every seventh device.
//!
//! # Walkthrough of a request
//!
//! `server` reads it and takes the lock; `state` looks for a fault, checks the rate limit and the token; `route` picks
//! the answer; `paging` or `cursor` picks the rows; `render`, `org`, `people`, `report` write them; the fault spoils
//! them; `server` sends them. Only what scripts can change is stored for a device (`device`); the rest of a row follows
//! from the device's salt when it is written (`hardware`, `network`), so a fleet of 100,000 is small and quickly made.

mod activity;
mod admin;
mod alert;
mod answer;
mod backup;
mod bad_row;
mod behaviour;
mod body;
mod class;
mod clock;
mod control;
mod cursor;
mod custom_fields;
mod demo;
mod device;
mod fault;
mod filter;
mod fleet;
mod hardware;
mod json;
mod kept;
mod maker;
mod moment;
mod names;
mod network;
mod oauth;
mod org;
mod paging;
mod path_match;
mod people;
mod query;
mod references;
mod render;
mod reply;
mod report;
mod rng;
mod role;
mod route;
mod rows;
mod script;
mod script_org;
mod select;
mod serial;
mod server;
mod session;
mod spec;
mod state;
mod told;
mod wire;
mod world;

pub use bad_row::BadRow;
pub use behaviour::{BackupModule, Behaviour, ListOrder};
pub use control::Control;
pub use demo::{DemoCompany, DemoLocation, demo_companies};
pub use fault::{Fault, FaultKind, RetryAfter};
pub use path_match::PathMatch;
pub use spec::{FleetSpec, NameSet};
pub use state::RequestLog;
pub use told::Told;

use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running server. It stops when it is dropped.
pub struct Simulator {
    /// Where it listens, such as `http://127.0.0.1:41234`.
    pub base_url: String,
    addr: SocketAddr,
    client_id: String,
    client_secret: String,
    control: Control,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Simulator {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// # Panics
    /// When no port can be opened, or outside a Tokio runtime.
    pub async fn start(spec: FleetSpec) -> Simulator {
        Self::bind(([127, 0, 0, 1], 0).into(), spec).await.expect("a free port on 127.0.0.1")
    }

    /// Starts on an address; port 0 picks a free one.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub async fn bind(addr: SocketAddr, spec: FleetSpec) -> std::io::Result<Simulator> {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let control = Control::new(spec);
        let (stop, stopped) = oneshot::channel();
        Ok(Self {
            base_url: format!("http://{addr}"),
            addr,
            client_id: control.client_id(),
            client_secret: control.client_secret(),
            control: control.clone(),
            stop,
            task: tokio::spawn(server::serve(listener, control, stopped)),
        })
    }

    /// The client id of its API app.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client secret of its API app.
    pub fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// Host and port, such as `127.0.0.1:41234`.
    pub fn host_port(&self) -> String {
        self.addr.to_string()
    }

    /// The handle on it; stays good for looks inside after the server has stopped.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Stops: idle connections close at once, running requests get a second to end.
    pub async fn shutdown(self) {
        let Self { stop, mut task, .. } = self;
        drop(stop);
        if tokio::time::timeout(Duration::from_secs(1), &mut task).await.is_err() {
            task.abort();
        }
    }
}

//! What a process counts and measures, as Prometheus reads it. Labels are words of the program's own: routes as they are
//! declared, kinds, states; never paths, ids or what users typed.

use crate::{Portal, Result, sql};
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Metric, Registry},
};
use rmm::Observer;
use sea_orm::{DatabaseConnection, DbBackend, FromQueryResult};
use std::{sync::Arc, time::Duration};

/// Names and values of labels.
type Labels<const N: usize> = [(&'static str, String); N];
type Counts<const N: usize> = Family<Labels<N>, Counter>;
type Gauges<const N: usize> = Family<Labels<N>, Gauge>;
type Times<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// The longest wait for the figures that the database has.
const PATIENCE: Duration = Duration::from_secs(2);
/// States of runs that have not ended; the queued ones are the queue.
const STATES: [&str; 3] = ["queued", "running", "paused"];

/// The figures of one process.
pub struct Metrics {
    registry: Registry,
    requests: Counts<3>,
    request_times: Times<2>,
    runs_started: Counts<1>,
    runs_ended: Counts<2>,
    runs: Gauges<1>,
    vendor_requests: Counts<2>,
    vendor_times: Times<1>,
    connections: Gauges<1>,
    database: Gauge,
    password_checks: Counter,
    password_hashes: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("msportal");
        let http = || Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0]);
        let vendor = || Histogram::new([0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0]);
        let r = &mut registry;
        Self {
            requests: add(r, "http_requests", "Answered requests", Family::default()),
            request_times: add(
                r,
                "http_request_duration_seconds",
                "Time to the head of the answer",
                Family::new_with_constructor(http as fn() -> Histogram),
            ),
            runs_started: add(r, "runs_started", "Runs taken up for the first time", Family::default()),
            runs_ended: add(r, "runs_ended", "Runs brought to their end", Family::default()),
            runs: add(
                r,
                "runs",
                "Runs that have not ended; the queued ones are the queue",
                Family::default(),
            ),
            vendor_requests: add(
                r,
                "vendor_requests",
                "Requests to vendors by their outcome",
                Family::default(),
            ),
            vendor_times: add(
                r,
                "vendor_request_duration_seconds",
                "Time to the end of a vendor's answer",
                Family::new_with_constructor(vendor as fn() -> Histogram),
            ),
            connections: add(r, "database_connections", "Connections of the pool", Family::default()),
            database: add(r, "database_up", "Whether the database answered just now", Gauge::default()),
            password_hashes: add(r, "password_hashes", "Hashes made of new passwords", Counter::default()),
            password_checks: add(r, "password_checks", "Passwords held against a hash", Counter::default()),
            registry,
        }
    }

    /// A request was answered; `route` as it is declared, such as `/api/v1/runs/{id}/events`.
    pub fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let (method, route) = (("method", method.to_owned()), ("route", route.to_owned()));
        self.request_times.get_or_create(&[method.clone(), route.clone()]).observe(took.as_secs_f64());
        self.requests.get_or_create(&[method, route, ("status", status.to_string())]).inc();
    }

    pub(crate) fn run_started(&self, kind: &str) {
        self.runs_started.get_or_create(&[("kind", kind.to_owned())]).inc();
    }

    pub(crate) fn run_ended(&self, kind: &str, state: &str) {
        self.runs_ended.get_or_create(&[("kind", kind.to_owned()), ("state", state.to_owned())]).inc();
    }

    /// Counts each time that a password is hashed to be held against a known hash.
    pub(crate) fn password_hashes(&self) -> Counter {
        self.password_hashes.clone()
    }

    pub(crate) fn password_checks(&self) -> Counter {
        self.password_checks.clone()
    }

    fn answered(&self, vendor: &str, outcome: &str, took: Duration) {
        let labels = [("vendor", vendor.to_owned())];
        self.vendor_times.get_or_create(&labels).observe(took.as_secs_f64());
        let [vendor] = labels;
        self.vendor_requests.get_or_create(&[vendor, ("outcome", outcome.to_owned())]).inc();
    }

    fn set(gauges: &Gauges<1>, label: &'static str, value: &str, n: i64) {
        gauges.get_or_create(&[(label, value.to_owned())]).set(n);
    }
}

fn add<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

impl Portal {
    /// All figures of this process and those of the database, in Prometheus' text format.
    pub async fn figures(&self) -> Result<String> {
        let metrics = self.metrics();
        let looked = tokio::time::timeout(PATIENCE, unended(self.db())).await;
        metrics.database.set(i64::from(matches!(looked, Ok(Ok(_)))));
        metrics.runs.clear();
        if let Ok(Ok(runs)) = &looked {
            for state in STATES {
                let n = runs.iter().find(|run| run.state == state).map_or(0, |run| run.n);
                Metrics::set(&metrics.runs, "state", state, n);
            }
        }
        let (all, idle) = connections(self.db());
        Metrics::set(&metrics.connections, "state", "idle", idle);
        Metrics::set(&metrics.connections, "state", "used", all - idle);
        Metrics::set(&metrics.connections, "state", "most", i64::from(self.config().max_connections));
        let mut text = String::new();
        encode(&mut text, &metrics.registry).map_err(crate::Error::internal)?;
        Ok(text)
    }
}

#[derive(FromQueryResult)]
struct InState {
    state: String,
    n: i64,
}

async fn unended(db: &DatabaseConnection) -> Result<Vec<InState>> {
    let select =
        "SELECT state, count(*) AS n FROM runs WHERE state IN ('queued', 'running', 'paused') GROUP BY state";
    Ok(sql::all(db, select, Vec::new()).await?)
}

/// Connections of the pool, and how many of them nobody uses.
fn connections(db: &DatabaseConnection) -> (i64, i64) {
    let (all, idle) = match db.get_database_backend() {
        DbBackend::Sqlite => {
            let pool = db.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        }
        _ => {
            let pool = db.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        }
    };
    let all = i64::from(all);
    (all, i64::try_from(idle).unwrap_or(all).min(all))
}

/// Counts what a client asks of a vendor, and tells the observer behind it.
pub(crate) struct Counted {
    portal: Portal,
    vendor: String,
    behind: Arc<dyn Observer>,
}

impl Counted {
    pub fn new(portal: &Portal, vendor: &str, behind: Arc<dyn Observer>) -> Self {
        Self { portal: portal.clone(), vendor: vendor.to_owned(), behind }
    }
}

impl Observer for Counted {
    fn request(&self) {
        self.behind.request();
    }

    fn answered(&self, outcome: &'static str, took: Duration) {
        self.portal.metrics().answered(&self.vendor, outcome, took);
        self.behind.answered(outcome, took);
    }

    fn waiting(&self, pause: Duration, reason: &str) {
        self.behind.waiting(pause, reason);
    }

    fn resumed(&self) {
        self.behind.resumed();
    }
}

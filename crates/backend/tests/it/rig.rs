//! A portal beside a simulated NinjaOne, for suites that try many cases: quick to give up, and judged after every run.

use crate::{
    judge::{Case, Ending, Told, differences},
    support::TestPortal,
    truth::{Held, Truth},
};
use backend::Config;
use domain::{
    ids::IntegrationId,
    integration::{ConnectInput, IntegrationStatus},
    page::ListQuery,
    run::{Run, RunKind, RunState},
};
use simulator::{Control, FleetSpec, Simulator};
use std::{sync::Arc, sync::Mutex, time::Duration};

/// Longest wait for the end of a run.
const PATIENCE: Duration = Duration::from_secs(120);

/// Which database a story runs on.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Runs a story `async fn(Engine)` on both engines, as `name::sqlite` and `name::postgres`.
macro_rules! on_engines {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::rig::Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if $crate::support::TestPortal::postgres_url().await.is_some() {
                    super::$name($crate::rig::Engine::Postgres).await;
                }
            }
        }
    )+};
}

/// A portal, its vendor, and the account that connects them.
pub struct Rig {
    pub portal: TestPortal,
    pub vendor: Control,
    pub simulator: Simulator,
    pub integration: Option<IntegrationId>,
}

impl Rig {
    /// A new database and a fleet, not connected yet.
    pub async fn open(engine: Engine, spec: FleetSpec) -> Self {
        Self::open_with(engine, spec, |_| ()).await
    }

    /// The same with settings of the test's own.
    pub async fn open_with(engine: Engine, spec: FleetSpec, change: impl FnOnce(&mut Config)) -> Self {
        let simulator = Simulator::start(spec).await;
        let url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(TestPortal::postgres_url().await.expect("a database")),
        };
        let portal = TestPortal::open_with(url, |config| {
            quick(config);
            config.allow_private_hosts = vec![simulator.host_port()];
            change(config);
        })
        .await;
        Self { portal, vendor: simulator.control(), simulator, integration: None }
    }

    /// Connected, with a first complete sync.
    pub async fn synced(engine: Engine, spec: FleetSpec) -> Self {
        let mut rig = Self::open(engine, spec).await;
        rig.connect().await;
        let run = rig.sync(RunKind::All).await;
        assert_eq!(run.state, RunState::Completed, "{:?} {:?}", run.problem, run.warnings);
        rig
    }

    /// What connects the vendor.
    pub fn credentials(&self) -> ConnectInput {
        ConnectInput {
            vendor: Some("ninjaone".into()),
            region: Some("custom".into()),
            base_url: Some(self.simulator.base_url.clone()),
            client_id: Some(self.vendor.client_id()),
            client_secret: Some(self.vendor.client_secret()),
            ..ConnectInput::default()
        }
    }

    /// Connects and carries out the first sync of organizations; answers how that ended.
    pub async fn connect(&mut self) -> Run {
        let integration = self.portal.admin().connect(self.credentials()).await.expect("a connection");
        self.integration = Some(integration.id);
        self.execute(&integration.active_run.expect("the first sync")).await
    }

    pub fn id(&self) -> IntegrationId {
        self.integration.expect("connected")
    }

    /// Starts a run and carries it out; answers how it ended, or that it did not.
    pub async fn sync(&self, kind: RunKind) -> Run {
        let run = self.portal.admin().start_run(self.id(), kind).await.expect("a run");
        self.execute(&run).await
    }

    async fn execute(&self, run: &Run) -> Run {
        let work = backend::runs::execute(&self.portal.portal, run.id);
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(outcome) => outcome.expect("an ending"),
            Err(_) => eprintln!("the run was not done after {PATIENCE:?}"),
        }
        self.portal.admin().run(run.id).await.expect("the run")
    }

    pub async fn held(&self) -> Held {
        Held::read(self.portal.portal.db()).await
    }

    /// What differs from the vendor after a run without trouble, which must say that it is complete.
    pub async fn mended(&self, kind: RunKind) -> Vec<String> {
        let run = self.sync(kind).await;
        let mut found = differences(&self.held().await, &Truth::of(&self.vendor));
        if run.state != RunState::Completed {
            found.push(format!("the clean run ended {}: {:?} {:?}", run.state, run.problem, run.warnings));
        }
        let card = self.portal.admin().integration(self.id()).await.expect("a card");
        if card.status != IntegrationStatus::Connected {
            found.push(format!("after a clean run the integration is {:?}", card.status));
        }
        found
    }

    /// Runs once and judges it. The vendor's state is noted before, after, and whenever `moments` says.
    pub async fn judged(&self, kind: RunKind, moments: &Moments, extras_stand: bool) -> (Run, Vec<String>) {
        let before = self.held().await;
        moments.note(&self.vendor);
        let run = self.sync(kind).await;
        moments.note(&self.vendor);
        let (after, truths, told) = (self.held().await, moments.all(), self.told(&run).await);
        let (before, after, truths, told) = (&before, &after, &truths, &told);
        let case = Case { before, after, truths, ending: ending(&run), told, extras_stand };
        let findings = case.findings();
        (run, findings)
    }

    /// The rows that a run could not read, but for those whose id could not be read either.
    pub async fn told(&self, run: &Run) -> Told {
        let mut told = Told::new();
        for page in 1.. {
            let query = ListQuery { page: Some(page), page_size: Some(200), ..ListQuery::default() };
            let listed = self.portal.admin().run_errors(run.id, query).await.expect("errors");
            let last = page >= listed.pages();
            told.extend(listed.items.into_iter().filter_map(|e| Some((e.entity, e.remote_id?))));
            if last {
                break;
            }
        }
        told
    }
}

/// The states of the vendor that a run may have seen, oldest first.
#[derive(Clone, Default)]
pub struct Moments(Arc<Mutex<Vec<Truth>>>);

impl Moments {
    /// Notes the present state, unless it is the last one.
    pub fn note(&self, vendor: &Control) {
        let truth = Truth::of(vendor);
        let mut all = self.0.lock().expect("no panic");
        if all.last() != Some(&truth) {
            all.push(truth);
        }
    }

    fn all(&self) -> Vec<Truth> {
        self.0.lock().expect("no panic").clone()
    }
}

/// What the judge wants to know of a run.
pub fn ending(run: &Run) -> Ending {
    Ending {
        completed: matches!(run.state, RunState::Completed | RunState::CompletedWithErrors),
        clean: run.state == RunState::Completed,
        ended: !run.state.is_active(),
        explained: run.problem.is_some(),
        organizations: matches!(run.kind, RunKind::Organizations | RunKind::All),
        devices: matches!(run.kind, RunKind::Devices | RunKind::All),
    }
}

/// Small pages, no patience: a case takes a fraction of a second.
fn quick(config: &mut Config) {
    config.limits.requests_per_second = 10_000.0;
    config.limits.attempts = 3;
    config.limits.throttled_attempts = 3;
    config.limits.longest_pause = Duration::from_millis(20);
    config.limits.longest_wait = Duration::from_millis(20);
    config.batch_rows = 50;
    config.limits.timeout = Duration::from_secs(2);
    config.limits.page_size = 25;
}

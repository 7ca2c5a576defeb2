//! A portal beside a simulated NinjaOne.

use crate::support::TestPortal;
use backend::{Tenant, tenant::Admin};
use domain::{
    ids::{IntegrationId, RunId},
    import::ImportSelection,
    integration::ConnectInput,
    mapping::OrganizationChoice,
    page::ListQuery,
    run::{Change, Run, RunKind, RunState, StartedBy},
};
use simulator::{Control, FleetSpec, Simulator};
use std::time::Duration;

/// Runs a story `async fn(Fleet)` on both engines, as `name::sqlite` and `name::postgres`.
macro_rules! on_both_with_fleet {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::fleet::Fleet::open(None).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(url) = $crate::support::TestPortal::postgres_url().await {
                    super::$name($crate::fleet::Fleet::open(Some(url)).await).await;
                }
            }
        }
    )+};
}

/// A portal and the vendor that it connects to, read 50 rows a page.
pub struct Fleet {
    pub portal: TestPortal,
    simulator: Simulator,
}

impl Fleet {
    /// On a database (`None`: a new SQLite file).
    pub async fn open(database_url: Option<String>) -> Self {
        let simulator = Simulator::start(FleetSpec { devices: 240, ..FleetSpec::default() }).await;
        let portal = TestPortal::open_with(database_url, |config| {
            config.allow_private_hosts = vec![simulator.host_port()];
            config.limits.requests_per_second = 10_000.0;
            config.limits.attempts = 3;
            config.limits.throttled_attempts = 3;
            config.limits.longest_pause = Duration::from_secs(3);
            config.limits.longest_wait = Duration::from_secs(3);
            config.limits.page_size = 50;
            // Stories count on the order of pages; the suites read several at a time.
            config.limits.in_flight = 1;
            config.batch_rows = 50;
        })
        .await;
        Self { portal, simulator }
    }

    pub fn control(&self) -> Control {
        self.simulator.control()
    }

    pub fn tenant(&self) -> Tenant<Admin> {
        self.portal.admin()
    }

    /// Connects the account and carries out the first organization sync.
    pub async fn connect(&self) -> IntegrationId {
        let input = ConnectInput {
            vendor: Some("ninjaone".into()),
            region: Some("custom".into()),
            base_url: Some(self.simulator.base_url.clone()),
            client_id: Some(self.simulator.client_id().to_owned()),
            client_secret: Some(self.simulator.client_secret().to_owned()),
            ..ConnectInput::default()
        };
        let integration = self.tenant().connect(input).await.expect("a connection");
        self.execute(integration.active_run.expect("the first sync").id).await;
        integration.id
    }

    /// Connects; every organization becomes a company, and all their devices are imported.
    pub async fn all_imported(&self) -> IntegrationId {
        let integration = self.connect().await;
        self.sync(integration, RunKind::Devices).await;
        let tenant = self.tenant();
        let rows =
            tenant.organizations(integration, ListQuery::default(), None).await.expect("organizations");
        for row in rows.items {
            let create = OrganizationChoice::Create;
            let saved = tenant.save_organization(integration, &row.remote_id, create, None, true).await;
            saved.expect("a company");
        }
        tenant.quick_create_node_classes(integration).await.expect("types");
        let import = tenant.start_import(integration, ImportSelection::All).await.expect("an import");
        self.execute(import.id).await;
        integration
    }

    /// Starts a sync and carries it out.
    pub async fn sync(&self, integration: IntegrationId, kind: RunKind) -> Run {
        let run = self.tenant().start_run(integration, kind).await.expect("a run");
        self.execute(run.id).await
    }

    /// Carries a run out and answers how it ended.
    pub async fn execute(&self, run: RunId) -> Run {
        backend::runs::execute(&self.portal.portal, run).await.expect("an ending");
        self.tenant().run(run).await.expect("the run")
    }

    /// The number of a query such as `SELECT count(*) AS n …`.
    pub async fn number(&self, sql: &str) -> i64 {
        use sea_orm::{ConnectionTrait, Statement};
        let db = self.portal.portal.db();
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql.to_owned())).await;
        row.expect(sql).expect("a row").try_get("", "n").expect("n")
    }

    /// Starts the attempts that are due, and answers the run that waits since, if there is one.
    pub async fn start_due_retries(&self, integration: IntegrationId) -> Option<Run> {
        backend::jobs::sweep(&self.portal.portal).await.expect("a sweep");
        let runs = self.tenant().runs(integration, ListQuery::default(), None, None).await.expect("runs");
        runs.items.into_iter().find(|r| r.state == RunState::Queued && r.started_by == StartedBy::Retry)
    }

    /// What a run changed.
    pub async fn changes(&self, run: RunId) -> Vec<Change> {
        let query = ListQuery { page_size: Some(200), ..ListQuery::default() };
        self.tenant().changes(run, query, None, None).await.expect("changes").items
    }
}

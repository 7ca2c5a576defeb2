//! Starting and stopping a portal with its server, workers and simulated vendor.

use super::{Client, Rows};
use crate::wire::Wire;
use backend::{Config, Portal, jobs::worker};
use domain::{ids::TenantId, role::Role};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use server::{
    doors,
    router::{AppState, router},
};
use simulator::{FleetSpec, Simulator};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

/// The password of every user of these tests.
pub const PASSWORD: &str = "correct horse battery";

/// What a site is started with.
pub struct Setup {
    pub fleet: FleetSpec,
    database_url: Option<String>,
    change: fn(&mut Config),
    /// Kept by everybody who needs the data.
    pub folder: Arc<TempDir>,
}

impl Setup {
    /// On a new SQLite file.
    pub fn sqlite() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temp folder"));
        Self { fleet: FleetSpec::default(), database_url: None, change: |_| (), folder }
    }

    /// On a new PostgreSQL database; `None`, with a note, on a machine without PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        match tokio::task::spawn_blocking(testkit::postgres_url).await.expect("no panic") {
            Ok(url) => Some(Self { database_url: Some(url), ..Self::sqlite() }),
            Err(e) if std::env::var_os(testkit::TEST_PG).is_some() => panic!("{e}"),
            Err(e) => {
                eprintln!("skipped: {e}");
                None
            }
        }
    }

    /// On a PostgreSQL database of the test's own.
    pub fn postgres_at(url: String) -> Self {
        Self { database_url: Some(url), ..Self::sqlite() }
    }

    /// The same database of PostgreSQL, through a wire that may fail.
    pub async fn through_a_wire(self) -> (Self, Wire) {
        let wire = Wire::to(self.database_url.as_deref().expect("a database of PostgreSQL")).await;
        (Self { database_url: Some(wire.url.clone()), ..self }, wire)
    }

    /// With another fleet.
    pub fn fleet(self, fleet: FleetSpec) -> Self {
        Self { fleet, ..self }
    }

    /// With settings of the test's own.
    pub fn with(self, change: fn(&mut Config)) -> Self {
        Self { change, ..self }
    }

    /// Another server on the same database.
    pub fn beside(&self) -> Self {
        let (database_url, folder) = (self.database_url.clone(), self.folder.clone());
        Self { fleet: FleetSpec::default(), database_url, change: self.change, folder }
    }

    /// The settings of a process that may reach `simulator`: quick to give up, small pages.
    pub fn config(&self, simulator: &Simulator) -> Config {
        let mut config = Config::new(self.folder.path());
        config.database_url = self.database_url.clone();
        config.max_connections = 6;
        config.api_rate = 100_000;
        config.allow_private_hosts = vec![simulator.host_port()];
        config.limits.requests_per_second = 500.0;
        config.limits.attempts = 2;
        config.limits.timeout = Duration::from_secs(5);
        config.limits.throttled_attempts = 2;
        config.limits.longest_pause = Duration::from_secs(1);
        config.limits.longest_wait = Duration::from_secs(1);
        config.limits.page_size = 25;
        config.batch_rows = 25;
        (self.change)(&mut config);
        config
    }

    /// Starts simulator, portal and server, without workers.
    pub async fn start(self) -> Site {
        _ = rustls::crypto::ring::default_provider().install_default();
        let simulator = Simulator::start(self.fleet.clone()).await;
        Site::open(self, simulator).await
    }
}

/// A portal that answers.
pub struct Site {
    pub base: String,
    pub portal: Portal,
    pub simulator: Simulator,
    pub setup: Setup,
    server: Server,
    workers: Option<JoinHandle<()>>,
}

/// Stops when it is dropped.
struct Server(JoinHandle<()>, Portal);

impl Drop for Server {
    fn drop(&mut self) {
        self.1.stopping().cancel();
        self.0.abort();
    }
}

impl Site {
    async fn open(setup: Setup, simulator: Simulator) -> Self {
        let portal = Portal::open(setup.config(&simulator), None).await.expect("a portal");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (app, stop) = (router(AppState::new(portal.clone())), portal.stopping().clone());
        let server = tokio::spawn(doors::serve(listener, app, stop, doors::Limits::USUAL));
        let server = Server(server, portal.clone());
        Self { base, portal, simulator, setup, server, workers: None }
    }

    /// Starts the workers of this process.
    pub fn work(&mut self) {
        self.workers = Some(tokio::spawn(worker::run(self.portal.clone())));
    }

    /// Stops server and workers as a signal would, and opens the same data again, with workers.
    pub async fn restart(self) -> Self {
        let Self { portal, simulator, setup, server, workers, .. } = self;
        drop(server);
        if let Some(workers) = workers {
            tokio::time::timeout(Duration::from_secs(10), workers)
                .await
                .expect("workers stop in time")
                .expect("no panic");
        }
        portal.db().clone().close().await.expect("the database closes");
        let mut site = Self::open(setup, simulator).await;
        site.work();
        site
    }

    /// Another server of this portal, whose operator demands that writes say where they come from.
    pub async fn demanding(&self) -> Self {
        self.setup.beside().with(|config| config.demand_origin = true).start().await
    }

    /// Somebody who is not signed in.
    pub fn nobody(&self) -> Client {
        Client::new(&self.base)
    }

    /// Creates the portal; its owner, an administrator.
    pub async fn owner(&self) -> Client {
        let mut owner = self.nobody();
        let portal = json!({
            "portal_name": "Northwind MSP", "name": "Sam Owner", "email": "sam@northwind.example", "password": PASSWORD,
        });
        owner.post("setup/create_portal", portal).await.ok();
        owner
    }

    /// A new user of that role, signed in.
    pub async fn user(&self, role: Role) -> Client {
        let email = format!("{role}@northwind.example");
        self.portal.add_user("Robin User", &email, PASSWORD, role).await.expect("a new user");
        self.signed_in(&email).await
    }

    /// Signs in.
    pub async fn signed_in(&self, email: &str) -> Client {
        let mut user = self.nobody();
        user.post("session/sign_in", json!({ "email": email, "password": PASSWORD })).await.ok();
        user
    }

    /// A program with an API token of a user.
    pub async fn program(&self, user: &mut Client, role: Role) -> Client {
        self.named_program(user, role, &format!("Program that may {role}")).await
    }

    /// The same, with a token of that name.
    pub async fn named_program(&self, user: &mut Client, role: Role, name: &str) -> Client {
        let made = user.post("api_tokens/create", json!({ "name": name, "role": role })).await.ok();
        let mut program = self.nobody();
        program.token = made["secret"].as_str().map(str::to_owned);
        program
    }

    /// An administrator of another tenant of the same installation, with a row of everything.
    pub async fn stranger(&self) -> (Client, Rows) {
        let tenant = TenantId(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        self.execute(&format!(
            "INSERT INTO tenants (id, name, created_at) VALUES ({}, 'Strangers', 0)",
            self.literal(tenant.0)
        ))
        .await;
        self.execute(&format!(
            "INSERT INTO users (id, tenant_id, name, email, email_key, password_hash, role, active, created_at)
             SELECT {}, {}, 'Toni Stranger', 'toni@strangers.example', 'toni@strangers.example', password_hash, 'admin',
                TRUE, 0 FROM users WHERE email_key = 'sam@northwind.example'",
            self.literal(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002)),
            self.literal(tenant.0),
        ))
        .await;
        let rows = Rows::insert(self, tenant, 0x100).await;
        (self.signed_in("toni@strangers.example").await, rows)
    }

    /// What `integrations/connect` takes to connect the simulator.
    pub fn credentials(&self) -> serde_json::Value {
        json!({
            "vendor": "ninjaone", "region": "custom", "base_url": self.simulator.base_url,
            "client_id": self.simulator.client_id(), "client_secret": self.simulator.client_secret(),
        })
    }

    /// A uuid as SQL text of this engine.
    pub fn literal(&self, id: uuid::Uuid) -> String {
        match self.portal.db().get_database_backend() {
            sea_orm::DbBackend::Sqlite => format!("x'{}'", id.simple()),
            _ => format!("'{id}'"),
        }
    }

    /// Runs a statement behind the portal's back.
    pub async fn execute(&self, sql: &str) {
        self.portal.db().execute_unprepared(sql).await.expect(sql);
    }

    /// How many rows each table has.
    pub async fn row_counts(&self) -> Vec<(String, i64)> {
        let db = self.portal.db();
        let tables = match db.get_database_backend() {
            sea_orm::DbBackend::Sqlite => {
                "SELECT name AS name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
            }
            _ => {
                "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
                  WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
            }
        };
        let mut counts = Vec::new();
        for table in texts(db, tables).await {
            let n = number(db, &format!("SELECT count(*) AS n FROM {table}")).await;
            counts.push((table, n));
        }
        counts
    }

    /// Tells whether any other connection commits a write.
    pub async fn watch_writes(&self) -> Writes {
        let url = self.setup.config(&self.simulator).url();
        Writes(backend::db::connect(&url, 1).await.expect("a second connection"))
    }
}

/// Sees whether somebody wrote to the database.
pub struct Writes(DatabaseConnection);

impl Writes {
    /// Changes with every commit of another connection: SQLite counts them; of PostgreSQL it is what stands in the tables.
    pub async fn version(&self) -> String {
        if self.0.get_database_backend() == sea_orm::DbBackend::Sqlite {
            let count = "SELECT CAST(data_version AS text) FROM pragma_data_version";
            return texts(&self.0, count).await.concat();
        }
        let tables = "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
            WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
        let tables = texts(&self.0, tables).await;
        let digest = |table: &String| {
            format!(
                "SELECT '{table} ' || md5(COALESCE(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            )
        };
        let digests: Vec<String> = tables.iter().map(digest).collect();
        texts(&self.0, &digests.join(" UNION ALL ")).await.join("\n")
    }
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect(sql);
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect(sql);
    row.expect("a row").try_get_by_index(0).expect("a number")
}

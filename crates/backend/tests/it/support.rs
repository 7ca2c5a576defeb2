//! A fresh portal per test, on both engines.

use backend::{
    Config, Portal, Result, Tenant,
    clock::{Clock, new_id},
    session::{Session, Visitor},
    tenant::{Access, Admin, Origin},
};
use domain::{
    Time,
    error::{ErrorKind, UserError},
    ids::{SessionId, TenantId, UserId},
    page::ListQuery,
    permissions::{Area, Permissions},
    role::Role,
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement, Value};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Runs a story `async fn(TestPortal)` on both engines, as `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::support::TestPortal::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(portal) = $crate::support::TestPortal::postgres().await {
                    super::$name(portal).await;
                }
            }
        }
    )+};
}

/// The owner's address and password.
pub const EMAIL: &str = "sam@northwind.example";
pub const PASSWORD: &str = "correct horse battery";

/// A portal with one tenant, whose clock stands still until it is moved.
pub struct TestPortal {
    pub portal: Portal,
    pub clock: Arc<TestClock>,
    me: (TenantId, UserId),
    /// The session in which the portal was created.
    session: SessionId,
    url: String,
    /// Keeps the data folder alive.
    _folder: tempfile::TempDir,
}

/// A clock that is moved by hand.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Time {
        Time::from_timestamp_micros(self.0.load(Ordering::SeqCst)).expect("in range")
    }
}

impl TestClock {
    /// Moves the clock forward.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl TestPortal {
    /// On a new SQLite file.
    pub async fn sqlite() -> Self {
        Self::open(None).await
    }

    /// On a new PostgreSQL database; `None`, with a note, on a machine without PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        let url = Self::postgres_url().await?;
        Some(Self::open(Some(url)).await)
    }

    /// A new PostgreSQL database. The test command always provides a server; only a lone `cargo test` may lack one.
    pub async fn postgres_url() -> Option<String> {
        match tokio::task::spawn_blocking(testkit::postgres_url).await.expect("no panic") {
            Ok(url) => Some(url),
            Err(e) if std::env::var_os(testkit::TEST_PG).is_some() => panic!("{e}"),
            Err(e) => {
                eprintln!("skipped: {e}");
                None
            }
        }
    }

    async fn open(database_url: Option<String>) -> Self {
        Self::open_with(database_url, |_| ()).await
    }

    /// On a database (`None`: a new SQLite file), with settings of the test's own.
    pub async fn open_with(database_url: Option<String>, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temp folder");
        // 2026-05-01T08:00:00Z
        let clock = Arc::new(TestClock(AtomicI64::new(1_777_622_400_000_000)));
        let mut config =
            Config { database_url, max_connections: 4, clock: clock.clone(), ..Config::new(folder.path()) };
        change(&mut config);
        let url = config.url();
        let portal = Portal::open(config, None).await.expect("a portal");
        let signed_in = portal
            .create_portal(&Visitor::default(), "Northwind MSP", "Sam Owner", EMAIL, PASSWORD)
            .await
            .expect("a tenant");
        let me = (signed_in.me.tenant.id, signed_in.me.user.id);
        let token = signed_in.cookie.split(['=', ';']).nth(1).expect("a token");
        let session = portal.authenticate(token).await.expect("an answer").expect("a session").id;
        Self { portal, clock, me, session, url, _folder: folder }
    }

    /// The owner's tenant.
    pub fn admin(&self) -> Tenant<Admin> {
        self.tenant()
    }

    /// The owner's tenant with another access.
    pub fn tenant<A: Access>(&self) -> Tenant<A> {
        self.session_of(self.session, self.me.0)
    }

    /// Another server on the same database.
    pub async fn another_server(&self) -> Portal {
        Portal::open(self.config(), None).await.expect("another server")
    }

    /// The settings of a further process.
    pub fn config(&self) -> Config {
        Config {
            database_url: Some(self.url.clone()),
            max_connections: 4,
            clock: self.clock.clone(),
            ..Config::new(self._folder.path())
        }
    }

    /// The owner's tenant at another server.
    pub fn admin_at(&self, portal: &Portal) -> Tenant<Admin> {
        portal.tenant(&self.owners_session(), Area::Users).expect("an administrator may do everything")
    }

    /// The owner's session.
    pub fn owners_session(&self) -> Session {
        session(self.session, self.me.0, self.me.1)
    }

    /// An administrator of another tenant in the same database.
    pub async fn stranger(&self) -> Tenant<Admin> {
        let id = new_id();
        let sql = "INSERT INTO tenants (id, name, created_at) VALUES ($1, 'Strangers', 0)";
        self.execute(sql, vec![id.into()]).await;
        let session = new_id();
        let sql =
            "INSERT INTO sessions (id, token_hash, tenant_id, user_id, created_at, last_seen_at, expires_at)
            VALUES ($1, $2, $3, $4, 0, 4000000000000000, 4000000000000000)";
        let hash = session.as_bytes().to_vec();
        self.execute(sql, vec![session.into(), hash.into(), id.into(), self.me.1.0.into()]).await;
        self.session_of(session.into(), id.into())
    }

    fn session_of<A: Access>(&self, id: SessionId, tenant_id: TenantId) -> Tenant<A> {
        let session = session(id, tenant_id, self.me.1);
        self.portal.tenant(&session, Area::Users).expect("an administrator may do everything")
    }

    /// The owner's tenant id, for rows that a test writes by itself.
    pub fn tenant_id(&self) -> Value {
        self.me.0.0.into()
    }

    /// A connection to the same database that is none of the portal's.
    pub async fn elsewhere(&self) -> DatabaseConnection {
        Database::connect(self.url.as_str()).await.expect("a connection")
    }

    /// How many sessions of PostgreSQL wait for what another one of this database holds.
    pub async fn waiting(&self) -> i64 {
        let db = self.portal.db();
        let waiting = "SELECT count(*) AS n FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), waiting)).await;
        row.expect(waiting).expect("a row").try_get("", "n").expect("n")
    }

    /// Runs a statement behind the portal's back; answers how many rows it touched.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) -> u64 {
        let db = self.portal.db();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.execute_raw(statement).await.expect(sql).rows_affected()
    }
}

/// An administrator's session.
fn session(id: SessionId, tenant_id: TenantId, user_id: UserId) -> Session {
    Session {
        id,
        token_hash: Vec::new(),
        tenant_id,
        tenant_name: "Northwind MSP".into(),
        user_id,
        user_name: "Sam Owner".into(),
        email: EMAIL.into(),
        role: Role::Admin.into(),
        role_name: Role::Admin.title().into(),
        permissions: Permissions::ALL,
        scope: None,
        second_factor_missing: false,
        token: None,
        origin: Origin { address: Some("192.0.2.7".into()), agent: Some("Test/1".into()) },
    }
}

/// The error of a use case, as the user gets it.
pub fn refused<T: std::fmt::Debug>(result: Result<T>) -> UserError {
    result.expect_err("this must be refused").into_user_error()
}

/// Kind and field of a refusal.
pub fn kind_of<T: std::fmt::Debug>(result: Result<T>) -> (ErrorKind, Option<String>) {
    let error = refused(result);
    (error.kind, error.field)
}

/// A list query with a search text.
pub fn search(text: &str) -> ListQuery {
    ListQuery { search: Some(text.into()), ..ListQuery::default() }
}

/// A list query with a sort.
pub fn sort(by: &str) -> ListQuery {
    ListQuery { sort: Some(by.into()), ..ListQuery::default() }
}

/// A list query for one page.
pub fn page(page: u32, page_size: u32) -> ListQuery {
    ListQuery { page: Some(page), page_size: Some(page_size), ..ListQuery::default() }
}

/// How rows stand after Quick Match: mapped, pending, unmapped.
pub fn stand(result: domain::mapping::QuickMatchResult) -> (i64, i64, i64) {
    (result.mapped, result.pending, result.unmapped)
}

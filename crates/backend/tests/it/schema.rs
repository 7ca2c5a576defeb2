//! The database comes to be step by step; no step is left half done, and nobody else reads its file.

use crate::support::TestPortal;
use backend::{Config, Portal, clock::new_id, db};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[tokio::test]
async fn a_migration_that_was_cut_off_runs_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("msportal.db").display());
    let cut =
        "CREATE TRIGGER cut_off BEFORE INSERT ON seaql_migrations BEGIN SELECT RAISE(ABORT, 'cut off'); END";
    cut_off_at_each_step(&url, cut, "DROP TRIGGER cut_off").await;
}

#[tokio::test]
async fn a_migration_that_was_cut_off_runs_again_on_postgres() {
    let Some(url) = TestPortal::postgres_url().await else { return };
    let cut = "CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cut off'; END $$;
        CREATE TRIGGER cut_off BEFORE INSERT ON seaql_migrations FOR EACH ROW EXECUTE FUNCTION cut_off()";
    let mend = "DROP TRIGGER cut_off ON seaql_migrations; DROP FUNCTION cut_off()";
    cut_off_at_each_step(&url, cut, mend).await;
}

/// As if the process had ended before a step was noted: the statement `cut` sees to that, `mend` takes it away.
async fn cut_off_at_each_step(url: &str, cut: &str, mend: &str) {
    let db = db::connect(url, 2).await.unwrap();
    Migrator::install(&db).await.unwrap();
    for step in Migrator::migrations() {
        db.execute_unprepared(cut).await.unwrap();
        let failed = Migrator::up(&db, Some(1)).await.unwrap_err();
        assert!(failed.to_string().contains("cut off"), "{}: {failed}", step.name());
        db.execute_unprepared(mend).await.unwrap();
        Migrator::up(&db, Some(1)).await.unwrap_or_else(|e| panic!("{}: {e}", step.name()));
    }
    assert!(Migrator::get_pending_migrations(&db).await.unwrap().is_empty());
}

#[tokio::test]
async fn rows_get_ids_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    rows_are_renewed(&testkit::sqlite_url(folder.path())).await;
}

#[tokio::test]
async fn rows_get_ids_of_their_own_on_postgres() {
    let Some(url) = TestPortal::postgres_url().await else { return };
    rows_are_renewed(&url).await;
}

/// A row whose device is fed by another one, or by none, needs an id of its own; all others keep theirs, which their devices
/// have or will have.
async fn rows_are_renewed(url: &str) {
    let db = db::connect(url, 2).await.unwrap();
    let steps = Migrator::migrations().iter().position(|step| step.name() == "m0038_feeds").unwrap();
    Migrator::up(&db, u32::try_from(steps).ok()).await.unwrap();
    let old = Old::new(&db).await;
    let [here, there] = old.accounts;
    old.device(old.row("feeds its device").await, Some((here, "feeds its device"))).await;
    old.row("has none yet").await;
    old.device(old.row("was followed").await, Some((here, "follows"))).await;
    old.row("follows").await;
    old.device(old.row("is in another account").await, Some((there, "is in another account"))).await;
    old.device(old.row("lost its account").await, None).await;
    let before = old.rows().await;
    Migrator::up(&db, Some(1)).await.unwrap();
    let after = old.rows().await;
    let renewed = before.keys().filter(|row| before[*row] != after[*row]).map(String::as_str);
    assert_eq!(renewed.collect::<Vec<_>>(), ["is in another account", "lost its account", "was followed"]);
    let ids: BTreeSet<Uuid> = before.values().chain(after.values()).copied().collect();
    assert_eq!(ids.len(), before.len() + 3, "nobody else has the new ones");
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(old.rows().await, after);
}

/// A database as it was before a device named the row that feeds it.
struct Old<'a> {
    db: &'a DatabaseConnection,
    tenant: Uuid,
    company: Uuid,
    kind: Uuid,
    accounts: [Uuid; 2],
}

impl<'a> Old<'a> {
    async fn new(db: &'a DatabaseConnection) -> Self {
        let [tenant, company, kind, here, there] = [(); 5].map(|()| new_id());
        let old = Self { db, tenant, company, kind, accounts: [here, there] };
        old.execute("INSERT INTO tenants (id, name, created_at) VALUES ($1, 'T', 0)", vec![tenant.into()])
            .await;
        for (table, id) in [("companies", company), ("device_types", kind)] {
            let insert = format!(
                "INSERT INTO {table} (id, tenant_id, name, name_key, version, created_at, updated_at)
                 VALUES ($1, $2, 'X', 'x', 1, 0, 0)"
            );
            old.execute(&insert, vec![id.into(), tenant.into()]).await;
        }
        for id in old.accounts {
            let insert = "INSERT INTO integrations (id, tenant_id, vendor, name, region, base_url, client_id_hint, key_id,
                    data_key, client_id, client_secret, account_hash, refused, connected_at, created_at, updated_at)
                VALUES ($1, $2, 'ninjaone', 'N', 'us', '', '', 'k', $3, $3, $3, $3, FALSE, 0, 0, 0)";
            old.execute(insert, vec![id.into(), tenant.into(), id.as_bytes().to_vec().into()]).await;
        }
        old
    }

    async fn execute(&self, sql: &str, values: Vec<Value>) {
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        self.db.execute_raw(statement).await.expect(sql);
    }

    /// A row of staging of the first account; answers its id.
    async fn row(&self, remote_id: &str) -> Uuid {
        let id = new_id();
        let insert = "INSERT INTO remote_devices (tenant_id, integration_id, remote_id, id, organization_id, node_class,
                search_key, name, ip_addresses, mac_addresses, hash, created_at, updated_at)
            VALUES ($1, $2, $3, $4, '1', 'MAC', 'x', 'X', '[]', '[]', 0, 0, 0)";
        let values = vec![self.tenant.into(), self.accounts[0].into(), remote_id.into(), id.into()];
        self.execute(insert, values).await;
        id
    }

    /// A device with the id of a row, and the row that feeds it.
    async fn device(&self, id: Uuid, fed_by: Option<(Uuid, &str)>) {
        let insert = "INSERT INTO devices (id, tenant_id, company_id, device_type_id, integration_id, remote_id, search_key, name,
                ip_addresses, mac_addresses, version, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, 'x', 'X', '[]', '[]', 1, 0, 0)";
        let (account, remote_id) = fed_by.unzip();
        let owner = [id, self.tenant, self.company, self.kind].map(Value::from);
        self.execute(insert, [&owner[..], &[Value::from(account), Value::from(remote_id)]].concat()).await;
    }

    /// The id of every row of staging.
    async fn rows(&self) -> BTreeMap<String, Uuid> {
        let select = "SELECT remote_id, id FROM remote_devices";
        let statement = Statement::from_string(self.db.get_database_backend(), select);
        let rows = self.db.query_all_raw(statement).await.unwrap();
        let id = |row: QueryResult| -> (String, Uuid) {
            (row.try_get("", "remote_id").unwrap(), row.try_get("", "id").unwrap())
        };
        rows.into_iter().map(id).collect()
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new/data");
    let _portal = Portal::open(Config::new(&data), None).await.unwrap();
    let rights = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(rights(&data), 0o700);
    let files: Vec<_> = data.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.iter().any(|file| file.ends_with("msportal.db-wal")), "{files:?}");
    for file in files {
        assert_eq!(rights(&file), 0o600, "{}", file.display());
    }
}

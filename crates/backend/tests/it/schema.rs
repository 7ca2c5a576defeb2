//! The database comes to be step by step; no step is left half done, and nobody else reads its file.

use crate::support::TestPortal;
use backend::{Config, Portal, db};
use migrations::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;

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

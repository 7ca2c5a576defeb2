//! The schema comes to be although processes are killed in the middle of it.

use crate::{
    process::{Place, integrity},
    support::Setup,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use simulator::FleetSpec;
use std::time::Duration;
use tokio::task::block_in_place;

on_both!(a_migration_that_is_killed_is_taken_up);

const MIGRATE: [&str; 1] = ["migrate"];

async fn place(setup: Setup) -> Place {
    Place::new(setup, FleetSpec { devices: 1, ..FleetSpec::default() }).await
}

async fn a_migration_that_is_killed_is_taken_up(setup: Setup) {
    let killed = place(setup).await;
    let (mut times, mut patience) = (0, Duration::from_millis(20));
    // Each may go on a little longer than the one before, until one comes to its end.
    while !block_in_place(|| killed.succeeds_within(&MIGRATE, patience)) {
        killed.look(async |db| integrity(db).await).await;
        (times, patience) = (times + 1, patience.mul_f64(1.2));
        assert!(patience < Duration::from_secs(60), "it never comes to its end");
    }
    println!("killed {times} times");
    assert!(times >= 3, "only {times} were killed");
    let (ok, said) = block_in_place(|| killed.call(&MIGRATE));
    assert!(ok, "{said}");

    let another = match killed.url().starts_with("sqlite") {
        true => Setup::sqlite(),
        false => Setup::postgres().await.expect("PostgreSQL is there"),
    };
    let at_once = place(another).await;
    let (ok, said) = block_in_place(|| at_once.call(&MIGRATE));
    assert!(ok, "{said}");
    let (killed, at_once) = (killed.look(schema).await, at_once.look(schema).await);
    assert!(killed.len() > 100, "{} parts", killed.len());
    assert_eq!(killed, at_once, "step by step it is the same schema");
}

/// All tables, columns, indexes and triggers, as text.
async fn schema(db: &DatabaseConnection) -> Vec<String> {
    let select = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"
        }
        _ => {
            "SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
                || COALESCE(column_default, '') FROM information_schema.columns
                WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
             UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
             UNION ALL SELECT version FROM seaql_migrations ORDER BY 1"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), select)).await;
    let text = |row: &sea_orm::QueryResult| row.try_get_by_index(0).expect("a text");
    rows.expect("a schema").iter().map(text).collect()
}

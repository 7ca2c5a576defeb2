//! Rows name only what is there, whichever way the engine looks after that.

use crate::{staged::Staged, support::TestPortal};
use backend::clock::new_id;
use domain::import::ImportSelection;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqlErr, Statement, TransactionTrait, Value,
};
use std::time::Duration;

on_both!(
    nobody_names_what_is_not_there,
    who_is_named_stays,
    an_integration_takes_its_rows_along,
    at_the_same_time
);

/// `{uuid}` is the engine's type of an id.
async fn run(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    let engine = db.get_database_backend();
    let sql = sql.replace("{uuid}", if engine == DbBackend::Postgres { "uuid" } else { "blob" });
    let statement = Statement::from_sql_and_values(engine, sql, values);
    db.execute_raw(statement).await.map(|done| done.rows_affected())
}

async fn count(db: &DatabaseConnection, from: &str) -> i64 {
    let select = format!("SELECT count(*) AS n FROM {from}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), select)).await;
    row.expect("a count").expect("a row").try_get("", "n").expect("n")
}

#[track_caller]
fn refused(result: Result<u64, DbErr>) {
    let error = result.expect_err("a row that names nothing");
    assert!(matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))), "{error}");
}

const STATUS: &str = "INSERT INTO remote_device_status (integration_id, remote_id, no) VALUES ($1, $2, $3)";

/// One imported device.
async fn filled<'a>(test: &'a TestPortal) -> Staged<'a> {
    let staged = Staged::new(test).await;
    staged.organization("1", "Contoso", 1).await;
    staged.location("11", "1", "HQ").await;
    let company = staged.company("Contoso").await;
    let hq = staged.site(company, "HQ").await;
    staged.link("1", company).await;
    let link = domain::mapping::LocationChoice::Link(hq);
    staged.admin().save_location(staged.id, "11", link, None).await.unwrap();
    staged.device("1", "1", Some("11"), "MAC").await;
    staged.map_class("MAC", "Laptop").await;
    assert_eq!(staged.import(ImportSelection::All).await.counts.added, 1);
    staged
}

async fn nobody_names_what_is_not_there(test: TestPortal) {
    filled(&test).await;
    let db = test.portal.db();
    refused(run(db, STATUS, vec![new_id().into(), "9".into(), 9_i64.into()]).await);
    let copied = "INSERT INTO remote_devices (tenant_id, integration_id, remote_id, id, organization_id, node_class,
            search_key, name, ip_addresses, mac_addresses, hash, created_at, updated_at)
        SELECT tenant_id, CAST($1 AS {uuid}), remote_id, id, organization_id, node_class, search_key, name, ip_addresses, mac_addresses,
            hash, created_at, updated_at FROM remote_devices";
    refused(run(db, copied, vec![new_id().into()]).await);
    for column in ["tenant_id", "company_id", "location_id", "device_type_id"] {
        let update = format!("UPDATE devices SET {column} = $1");
        refused(run(db, &update, vec![new_id().into()]).await);
        let all = ["tenant_id", "company_id", "location_id", "device_type_id"];
        let values = all.map(|c| if c == column { "CAST($2 AS {uuid})" } else { c }).join(", ");
        let insert = format!(
            "INSERT INTO devices (id, {}, search_key, name, ip_addresses, mac_addresses, version, created_at, updated_at)
             SELECT CAST($1 AS {{uuid}}), {values}, search_key, name, ip_addresses, mac_addresses, 1, 0, 0 FROM devices",
            all.join(", ")
        );
        refused(run(db, &insert, vec![new_id().into(), new_id().into()]).await);
    }
    assert_eq!(run(db, "UPDATE devices SET location_id = NULL", vec![]).await.unwrap(), 1, "none is fine");
    assert_eq!((count(db, "devices").await, count(db, "remote_devices").await), (1, 1));
}

async fn who_is_named_stays(test: TestPortal) {
    filled(&test).await;
    let db = test.portal.db();
    run(db, "DELETE FROM organization_mappings", vec![]).await.unwrap();
    run(db, "DELETE FROM location_mappings", vec![]).await.unwrap();
    run(db, "DELETE FROM node_class_mappings", vec![]).await.unwrap();
    for (table, column) in [("locations", "location_id"), ("device_types", "device_type_id")] {
        let delete = format!("DELETE FROM {table} WHERE id IN (SELECT {column} FROM devices)");
        refused(run(db, &delete, vec![]).await);
    }
    run(db, "UPDATE devices SET location_id = NULL", vec![]).await.unwrap();
    let delete = "DELETE FROM locations WHERE id NOT IN (SELECT location_id FROM devices WHERE location_id IS NOT NULL)";
    assert_eq!(run(db, delete, vec![]).await.unwrap(), 1, "nobody names it now");
    refused(run(db, "DELETE FROM companies WHERE id IN (SELECT company_id FROM devices)", vec![]).await);
    assert_eq!(count(db, "devices").await, 1);
}

async fn an_integration_takes_its_rows_along(test: TestPortal) {
    let staged = filled(&test).await;
    let db = test.portal.db();
    assert!(count(db, "remote_devices").await == 1 && count(db, "remote_device_status").await == 1);
    run(db, "DELETE FROM integrations WHERE id = $1", vec![staged.id.0.into()]).await.unwrap();
    for table in ["remote_devices", "remote_device_status", "runs", "run_packs"] {
        assert_eq!(count(db, table).await, 0, "{table}");
    }
    assert_eq!(count(db, "devices").await, 1, "the inventory stays");
}

/// On PostgreSQL, where two write at once: whoever comes second waits for the first, and sees what it did.
async fn at_the_same_time(test: TestPortal) {
    let staged = filled(&test).await;
    let db = test.portal.db();
    if db.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let soon = Duration::from_millis(300);
    let other = test.elsewhere().await;
    let status = || vec![staged.id.0.into(), "9".into(), 9_i64.into()];
    let tx = db.begin().await.unwrap();
    run(&tx, STATUS, status()).await.unwrap();
    let delete = run(&other, "DELETE FROM integrations", vec![]);
    tokio::pin!(delete);
    assert!(tokio::time::timeout(soon, &mut delete).await.is_err(), "it waits");
    tx.commit().await.unwrap();
    delete.await.unwrap();
    assert_eq!(count(db, "remote_device_status").await, 0, "also of the row that came meanwhile");

    let free = staged.company("Free").await;
    let tx = db.begin().await.unwrap();
    run(&tx, "DELETE FROM companies WHERE id = $1", vec![free.0.into()]).await.unwrap();
    let update = run(&other, "UPDATE devices SET company_id = $1", vec![free.0.into()]);
    tokio::pin!(update);
    assert!(tokio::time::timeout(soon, &mut update).await.is_err(), "it waits");
    tx.commit().await.unwrap();
    refused(update.await);
}

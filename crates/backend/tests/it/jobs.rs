//! The queue's own rows.

use crate::fleet::Fleet;
use domain::run::RunKind;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

on_both_with_fleet!(finished_jobs_go);

const DAY: i64 = 24 * 3600;

async fn finished_jobs_go(fleet: Fleet) {
    let it = fleet.connect().await;
    for _ in 0..5 {
        let run = fleet.tenant().start_run(it, RunKind::Devices).await.expect("a run");
        fleet.tenant().cancel_run(run.id).await.expect("cancelled");
    }
    let db = fleet.portal.portal.db();
    let engine = db.get_database_backend();
    let (jobs, moment) = match engine {
        DbBackend::Postgres => ("apalis.jobs", "to_timestamp(CAST($2 AS bigint))"),
        _ => ("Jobs", "$2"),
    };
    let ids = Statement::from_string(engine, format!("SELECT id FROM {jobs} ORDER BY run_at, id"));
    let ids: Vec<String> = db
        .query_all_raw(ids)
        .await
        .expect("jobs")
        .into_iter()
        .map(|row| row.try_get("", "id").expect("an id"))
        .collect();
    assert_eq!(ids.len(), 6, "one for each run");
    let now = fleet.portal.portal.now().timestamp();
    let (old, young) = (now - 31 * DAY, now - 29 * DAY);
    for (id, (status, done)) in
        ids.iter().zip([("Done", old), ("Failed", old), ("Killed", old), ("Done", young), ("Running", old)])
    {
        let update = format!("UPDATE {jobs} SET status = $1, done_at = {moment} WHERE id = $3");
        assert_eq!(
            fleet.portal.execute(&update, vec![status.into(), done.into(), id.as_str().into()]).await,
            1
        );
    }
    backend::jobs::prune::prune(&fleet.portal.portal).await.expect("pruned");
    let left = format!(
        "SELECT count(*) AS n FROM {jobs} WHERE status IN ('Pending', 'Running') OR done_at = {moment}"
    );
    let left = Statement::from_sql_and_values(engine, left.replace("$2", "$1"), [young.into()]);
    let left = db.query_one_raw(left).await.expect("an answer").expect("a row");
    assert_eq!(left.try_get::<i64>("", "n").expect("n"), 3);
    assert_eq!(fleet.number(&format!("SELECT count(*) AS n FROM {jobs}")).await, 3);
}

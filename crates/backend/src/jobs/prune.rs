//! Pruning: what runs changed and did and what merges of companies moved is kept for a set time, their rows are kept. So are the
//! figures of each day and the events of the audit log. Keys of writes are known for a day, jobs that have ended for a month.

use crate::{Portal, Result, audit, companies, db, mail, once, session};
use sea_orm::DbBackend;

const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// Days that ticks of the clock are kept: only the latest ones matter.
const KEEP_TICKS: i64 = 30;
/// Days that jobs of the queue are kept that have ended: nobody looks at them again, the run's row says what became of it.
const KEEP_JOBS: i64 = 30;
/// Days that it is known for which integrations a tick has started runs: no server follows it longer.
const KEEP_STARTED: i64 = 2;
/// Rows of one statement, so that nobody waits long for the database.
const CHUNK: i64 = 5_000;
/// The same of packs, which are hundreds of rows each.
const PACKS: i64 = 100;

/// Deletes changes, results, errors and held rows of runs that ended before the set time; answers how many rows went.
/// Runs themselves stay, with their counts and their proof.
pub async fn prune(portal: &Portal) -> Result<u64> {
    let now = portal.now_micros();
    let before = now - i64::from(portal.config().keep_changes_days.max(1)) * DAY;
    let mut gone = 0;
    for (table, key, chunk) in [
        ("run_changes", "run_id, entity, remote_id, change", CHUNK),
        ("import_results", "run_id, remote_id", CHUNK),
        ("run_packs", "run_id, change, first_id", PACKS),
        ("run_errors", "run_id, entity, place", CHUNK),
        ("held_changes", "run_id, entity, remote_id", CHUNK),
    ] {
        let delete = format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE run_id IN (
                SELECT id FROM runs WHERE finished_at < $1) LIMIT {chunk})"
        );
        loop {
            let n = db::write(portal.db(), &delete, vec![before.into()]).await?;
            gone += n;
            if n == 0 || portal.stopping().is_cancelled() {
                break;
            }
        }
    }
    gone += companies::prune_merges(portal, before).await?;
    gone += prune_days(portal, now).await?;
    gone += audit::prune(portal, now - i64::from(portal.config().keep_audit_days.max(1)) * DAY).await?;
    gone += once::prune(portal, now).await?;
    gone += session::prune_pending_factors(portal, now).await?;
    gone += mail::prune(portal, now).await?;
    let ticks = "DELETE FROM schedule_ticks WHERE tick_at < $1 OR (schedule LIKE '% %' AND tick_at < $2)";
    let values = vec![(now - KEEP_TICKS * DAY).into(), (now - KEEP_STARTED * DAY).into()];
    gone += db::write(portal.db(), ticks, values).await?;
    gone += prune_jobs(portal, now - KEEP_JOBS * DAY).await?;
    if gone > 0 {
        tracing::info!(rows = gone, "old rows pruned");
    }
    Ok(gone)
}

/// Deletes the figures of days that are older than set; answers how many rows went.
async fn prune_days(portal: &Portal, now: i64) -> Result<u64> {
    let before = now / DAY - i64::from(portal.config().keep_figures_days.max(1));
    let key = "tenant_id, company_id, day";
    let delete = format!(
        "DELETE FROM compliance_days WHERE ({key}) IN (SELECT {key} FROM compliance_days WHERE day < $1 LIMIT {CHUNK})"
    );
    let mut gone = 0;
    loop {
        let n = db::write(portal.db(), &delete, vec![before.into()]).await?;
        gone += n;
        if n == 0 || portal.stopping().is_cancelled() {
            return Ok(gone);
        }
    }
}

/// Deletes jobs of the queue that ended before that time: apalis keeps them for ever.
async fn prune_jobs(portal: &Portal, before: i64) -> Result<u64> {
    let (jobs, moment) = match portal.db().get_database_backend() {
        DbBackend::Postgres => ("apalis.jobs", "to_timestamp(CAST($1 AS bigint))"),
        _ => ("Jobs", "$1"),
    };
    let delete = format!(
        "DELETE FROM {jobs} WHERE id IN (SELECT id FROM {jobs} WHERE status IN ('Done', 'Failed', 'Killed')
            AND done_at < {moment} LIMIT {CHUNK})"
    );
    let mut gone = 0;
    loop {
        let n = db::write(portal.db(), &delete, vec![(before / 1_000_000).into()]).await?;
        gone += n;
        if n == 0 || portal.stopping().is_cancelled() {
            return Ok(gone);
        }
    }
}

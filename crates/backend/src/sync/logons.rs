//! Who was logged on last, from a report that has its own pace: a sync that compares with what is held reads it beside the
//! pages of devices and writes what differs at the end. A first sync waits for it, to write each device once.

use super::{
    enrich::{self, Reading},
    pull::Fetch,
    sources,
};
use crate::{Error, Result, db, runs::RunContext, sql, task::Task};
use domain::{remote::RemoteLogon, run::Counts, sync::Key};
use rmm::RmmClient;
use rustc_hash::{FxHashMap, FxHashSet};
use sea_orm::{ConnectionTrait, DbBackend};
use std::sync::Arc;

/// What the source is called.
const LOGONS: &str = "logged-on users";
/// Devices of one statement.
const CHUNK: usize = 5_000;

type Told = FxHashMap<Key, Box<str>>;

/// The report, and what it has to be joined to yet.
pub struct Logons {
    report: Report,
    /// Of the report when it was last written whole; `None`: it has to be.
    written: Option<i64>,
    /// Devices written before the report is here.
    without: FxHashSet<Key>,
    /// Whether the database knows that devices are written without it.
    marked: bool,
}

enum Report {
    Coming(Task<Result<Reading<Box<str>>>>),
    Here(Option<Told>),
}

impl Logons {
    /// Starts reading.
    pub async fn start(ctx: &RunContext, client: &Arc<dyn RmmClient>, resumed: bool) -> Result<Self> {
        let (own, client) = (ctx.clone(), client.clone());
        let task = Task::spawn(async move {
            let fetch: Fetch<_> = |c, at| Box::pin(async move { c.logons(&at).await });
            enrich::source(&own, &client, LOGONS, fetch, logon).await
        });
        // An attempt before this one may have written devices without it.
        let written = if resumed { None } else { sources::named(ctx, LOGONS).await? };
        Ok(Self { report: Report::Coming(task), written, without: FxHashSet::default(), marked: false })
    }

    /// Waits for the end of the report.
    pub async fn wait(&mut self) -> Result<()> {
        if let Report::Coming(task) = &mut self.report {
            self.report = Report::Here(match task.await.map_err(Error::internal)?? {
                Reading::Read(told) => Some(told),
                Reading::Absent | Reading::Failed => None,
            });
        }
        Ok(())
    }

    /// Who was logged on to a device that is written now; the device's own row says `own`.
    pub fn join(&mut self, device: &Key, own: Option<String>) -> Option<String> {
        match &self.report {
            Report::Here(told) => {
                told.as_ref().and_then(|t| t.get(device)).map(|user| user.to_string()).or(own)
            }
            Report::Coming(_) => {
                self.without.insert(device.clone());
                own
            }
        }
    }

    /// Notes, with the first devices that are written without the report, that it has to be written whole if this run does not
    /// come to its end.
    pub async fn mark(&mut self, ctx: &RunContext, tx: &impl ConnectionTrait) -> Result<()> {
        if !self.without.is_empty() && !self.marked {
            sources::note_named(ctx, tx, &[(LOGONS, None)]).await?;
            self.marked = true;
        }
        Ok(())
    }

    /// Writes what the report tells of devices that were written without it; when it differs from the one before, of all but
    /// those of a first sync, which have `all` been written with it.
    pub async fn settle(mut self, ctx: &RunContext, all: bool) -> Result<()> {
        self.wait().await?;
        let Report::Here(Some(told)) = self.report else { return Ok(()) };
        let hash = enrich::named_hash(told.iter().map(|(key, user)| (key, user.as_bytes())));
        let same = self.written == Some(hash);
        if same && self.without.is_empty() {
            return Ok(());
        }
        let due = |key: &Key| !all && (!same || self.without.contains(key));
        let due: Vec<(&Key, &str)> =
            told.iter().filter(|(key, _)| due(key)).map(|(key, user)| (key, &**user)).collect();
        let tx = db::begin(ctx.db()).await?;
        ctx.save(&tx, Counts::default(), ctx.done()).await?;
        for chunk in due.chunks(CHUNK) {
            write(ctx, &tx, chunk).await?;
        }
        sources::note_named(ctx, &tx, &[(LOGONS, Some(hash))]).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn logon(l: RemoteLogon) -> (Key, Box<str>) {
    (Key::from(l.device_id.as_str()), l.user.into())
}

/// Writes the users that differ.
async fn write(ctx: &RunContext, tx: &impl ConnectionTrait, users: &[(&Key, &str)]) -> Result<()> {
    let told: serde_json::Map<String, serde_json::Value> =
        users.iter().map(|(key, user)| (key.to_string(), (*user).into())).collect();
    let told = serde_json::to_string(&told).map_err(Error::internal)?;
    let (each, differs) = match tx.get_database_backend() {
        DbBackend::Sqlite => ("json_each($2)", "s.last_user IS NOT t.value"),
        _ => ("jsonb_each_text(CAST($2 AS jsonb))", "s.last_user IS DISTINCT FROM t.value"),
    };
    let update = format!(
        "UPDATE remote_device_status AS s SET last_user = t.value FROM {each} AS t
         WHERE s.integration_id = $1 AND s.remote_id = t.key AND {differs}"
    );
    sql::execute(tx, &update, vec![ctx.integration_id().into(), told.into()]).await?;
    Ok(())
}

//! What custom fields of organizations tell about whose they are: a report read whole and joined by id.
//!
//! Optional: what is held stands in for a report that fails. What a report leaves out is asked for by organization.

use super::{
    enrich::{self, Reading},
    pull::Fetch,
    sources,
};
use crate::{Result, runs::RunContext, sql};
use domain::{
    remote::{RemoteClues, RemoteOrganization},
    sync::Key,
};
use rmm::{RmmClient, RmmError};
use rustc_hash::FxHashMap;
use sea_orm::FromQueryResult;
use std::sync::Arc;

/// What the source is called.
const CUSTOM_FIELDS: &str = "custom fields";

/// Organizations that are asked for one by one; of more in doubt than these, the first speak for all.
const MOST_ASKED: usize = 20;

const FETCH: Fetch<RemoteClues> = |c, at| Box::pin(async move { c.organization_clues(&at).await });

/// Clues by organization.
pub struct Clues(Told);

impl Clues {
    /// Reads the report.
    pub async fn read(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<Self> {
        let entry = |row: RemoteClues| (Key::from(row.organization_id.as_str()), row.text);
        let told = match enrich::source(ctx, client, CUSTOM_FIELDS, FETCH, entry).await? {
            Reading::Read(told) => told,
            Reading::Absent => return Ok(Self(FxHashMap::default())),
            Reading::Failed => return Ok(Self(held(ctx).await?)),
        };
        let (told, problem) = completed(ctx, client, told).await?;
        if let Some(problem) = problem {
            ctx.warn_once(format!("{problem} What was read before stays, and is older."));
            sources::failed(ctx, CUSTOM_FIELDS, &problem).await?;
        }
        Ok(Self(told))
    }

    /// Joins what is told of an organization.
    pub fn join(&self, organization: &mut RemoteOrganization) {
        organization.clues = self.0.get(&Key::from(organization.remote_id.as_str())).cloned();
    }
}

type Told = FxHashMap<Key, String>;

/// What a report tells, with what single organizations tell that it leaves out; where they cannot be asked, what is held.
async fn completed(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    mut told: Told,
) -> Result<(Told, Option<String>)> {
    let held = held(ctx).await?;
    let mut lost: Vec<(Key, String)> = held.into_iter().filter(|(key, _)| !told.contains_key(key)).collect();
    lost.sort_unstable();
    let rest = lost.split_off(lost.len().min(MOST_ASKED));
    let mut problem = None;
    for (key, text) in lost {
        match client.clues_of(&key.to_string()).await {
            Ok(None) => {}
            Ok(Some(text)) => {
                problem = Some(format!("NinjaOne's answer for {CUSTOM_FIELDS} leaves out some that it has."));
                told.insert(key, text);
            }
            // The list of organizations says whether it is gone.
            Err(RmmError::NotAvailable(_)) => drop(told.insert(key, text)),
            Err(error) if error.is_credentials() => return Err(error.into()),
            Err(error) => {
                problem.get_or_insert(error.problem("NinjaOne").message);
                told.insert(key, text);
            }
        }
    }
    if problem.is_some() {
        told.extend(rest);
    }
    Ok((told, problem))
}

/// What is held of the organizations that are there.
async fn held(ctx: &RunContext) -> Result<Told> {
    #[derive(FromQueryResult)]
    struct Row {
        remote_id: String,
        clues: String,
    }
    let select = "SELECT remote_id, clues FROM organizations
        WHERE integration_id = $1 AND tenant_id = $2 AND missing_since IS NULL AND clues IS NOT NULL";
    let rows: Vec<Row> =
        sql::all(ctx.db(), select, vec![ctx.integration_id().into(), ctx.tenant_id().into()]).await?;
    Ok(rows.into_iter().map(|r| (Key::from(r.remote_id.as_str()), r.clues)).collect())
}
